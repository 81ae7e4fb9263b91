/** SQLite whose commits pass by the fault points, and whose writes fail as those of a full or broken disk do. */
import { DatabaseSync as RealDatabase } from '@photostructure/sqlite';
import { type DiskError, pass, refusal } from './fault-points.js';

export class DatabaseSync extends RealDatabase {
  override exec(sql: string): void {
    if (sql !== 'COMMIT') return super.exec(sql);
    pass('commit', 'before');
    const refused = refusal();
    if (refused !== null) {
      // As SQLite itself does when there is no room for the pages.
      super.exec('ROLLBACK');
      throw sqliteError(refused);
    }
    super.exec(sql);
    pass('commit', 'after');
  }
}

function sqliteError(code: DiskError): Error {
  const [errcode, name, text] =
    code === 'ENOSPC' ? [13, 'SQLITE_FULL', 'database or disk is full'] : [10, 'SQLITE_IOERR', 'disk I/O error'];
  return Object.assign(new Error(text), {
    ...{ code: 'ERR_SQLITE_ERROR', errcode, errstr: text, sqliteCode: errcode, sqliteExtendedCode: errcode },
    ...{ sqliteCodeName: name, sqliteErrorString: text },
  });
}
