import type { DemoAccounts } from '@skyeye/identity';

/** Accounts that the tour of the README uses; all others are listed in the accounts file. */
const SHOWN = ['analyst', 'leader', 'operator', 'auditor'] as const;

export interface BannerOptions {
  readonly host: string;
  readonly ports: { readonly console: number; readonly field: number; readonly bank: number };
  readonly demo: DemoAccounts | null;
  /** Account of the officer that the simulator leaves to a person. */
  readonly officer: string;
  readonly accountsFile: string;
  readonly seconds: number;
}

/** What a person reads when the pages can be used. */
export function banner({ host, ports, demo, officer, accountsFile, seconds }: BannerOptions): string {
  const shown = host.includes(':') ? `[${host}]` : host;
  const lines = [
    '',
    `小天眼 Skyeye · 页面可用 pages usable after ${seconds.toFixed(1)} s`,
    '',
    `  指挥中心 console        http://${shown}:${ports.console}`,
    `  外勤终端 field app      http://${shown}:${ports.field}`,
    `  警银直通车 bank gateway  http://${shown}:${ports.bank}`,
  ];
  if (demo !== null) {
    const passwordOf = (account: string): string => demo.accounts.find((each) => each.account === account)?.password ?? '';
    lines.push('', '  演示账号 demonstration accounts');
    for (const account of [...SHOWN, officer]) {
      const found = demo.accounts.find((each) => each.account === account);
      lines.push(`    ${account.padEnd(26)} ${passwordOf(account).padEnd(14)} ${found?.name ?? ''}`);
    }
    lines.push(`    其余账号 all others        ${accountsFile}`);
  }
  lines.push('');
  return lines.join('\n');
}

/** The last line of a start: engine and county run too. */
export function readyLine(seconds: number): string {
  return `就绪 everything runs after ${seconds.toFixed(1)} s. Ctrl+C ends it; the same command goes on where it was.\n`;
}
