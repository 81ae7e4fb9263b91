/** Keeps zod from trying `new Function`, which the page's CSP would report. To be imported before any schema is made. */
import { z } from 'zod';

z.config({ jitless: true });
