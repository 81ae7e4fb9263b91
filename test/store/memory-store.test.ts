import { createMemoryStore } from '../../server/store/memory-store.js';
import { describeRunStore } from './run-store-contract.js';

describeRunStore('memory store', createMemoryStore);
