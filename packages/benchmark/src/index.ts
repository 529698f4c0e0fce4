export { HANDBOOK, handbookFiles, handbookRows, type HandbookOptions, type HandbookRow } from './handbook.ts';
export { parseMapping, type Mapping } from './mapping.ts';
export { countyMidnightMs, readTransactions } from './read-table.ts';
export { reportJson, reportText } from './report.ts';
export { runLabelled, type RunOptions, type RunResult } from './run.ts';
export type { Transactions } from './transactions.ts';
