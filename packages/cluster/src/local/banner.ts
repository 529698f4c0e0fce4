import { demoCounty } from '@skyeye/geo';
import { demoAccounts } from '@skyeye/identity';
import { demoSecret, loadOrCreateMasterKey } from '@skyeye/vault';

/** Accounts that a person begins with; all others are in the accounts file. */
const SHOWN = ['analyst', 'leader', 'operator', 'auditor'];

export interface DemoLines {
  /** Those a person begins with: account, password, name. */
  readonly shown: readonly string[];
  /** All of them. */
  readonly all: readonly string[];
}

/** The demonstration accounts of an installation, as lines to print. */
export async function demoLines(keyFolder: string): Promise<DemoLines> {
  const { accounts } = demoAccounts(demoCounty, demoSecret(await loadOrCreateMasterKey(keyFolder)));
  const team = demoCounty.teams[0]?.code ?? '';
  const line = ({ account, password, name }: (typeof accounts)[number]): string => `${account.padEnd(26)} ${password.padEnd(14)} ${name}`;
  return {
    shown: accounts.filter(({ account, role, unit }) => SHOWN.includes(account) || (role === 'team' && unit === team)).map(line),
    all: accounts.map(line),
  };
}

export interface BannerOptions {
  readonly host: string;
  readonly ports: { readonly console: number; readonly field: number; readonly bank: number };
  readonly kafka: string;
  readonly demo: { readonly shown: readonly string[]; readonly file: string } | null;
  readonly seconds: number;
}

/** What a person reads when the cluster runs. */
export function banner({ host, ports, kafka, demo, seconds }: BannerOptions): string {
  const shown = host.includes(':') ? `[${host}]` : host;
  const lines = [
    '',
    `小天眼 Skyeye · cluster ready after ${seconds.toFixed(1)} s`,
    '',
    `  指挥中心 console        http://${shown}:${ports.console}`,
    `  外勤终端 field app      http://${shown}:${ports.field}`,
    `  警银直通车 bank gateway  http://${shown}:${ports.bank}`,
    `  原始数据 raw records    Kafka at ${kafka}, topics raw.*`,
  ];
  if (demo !== null)
    lines.push(
      '',
      '  演示账号 demonstration accounts',
      ...demo.shown.map((line) => `    ${line}`),
      `    其余账号 all others        ${demo.file}`,
    );
  lines.push('', '  Ctrl+C ends it; the same command goes on where it was.', '');
  return lines.join('\n');
}
