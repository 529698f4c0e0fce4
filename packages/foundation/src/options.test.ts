import { expect, test } from 'vitest';
import { z } from 'zod';
import { optionTable } from './index.ts';

const table = optionTable({
  port: { type: z.coerce.number().int().min(1).max(65_535).default(8080), says: 'port of the console', range: '1..65535' },
  withoutSimulator: { type: z.boolean().default(false), says: 'no simulated county' },
  dataFolder: { type: z.string().min(1).default('data'), says: 'where state lives' },
});

test('arguments win over the environment, and that over the file', () => {
  const result = table.read({ argv: ['--port=1'], env: { SKYEYE_PORT: '2', SKYEYE_DATA_FOLDER: 'b' }, file: { port: 3, dataFolder: 'c' } });
  expect(result).toEqual({ kind: 'values', values: { port: 1, withoutSimulator: false, dataFolder: 'b' } });
});

test('all mistakes are reported together, with the nearest name', () => {
  const result = table.read({ argv: ['--prot', '--port', '70000', '--data-folder'], env: {} });
  expect(result.kind).toBe('mistakes');
  if (result.kind === 'mistakes') {
    expect(result.mistakes).toHaveLength(3);
    expect(result.mistakes[0]).toContain('did you mean "--port"');
    expect(result.mistakes.join('\n')).toContain('may be 1..65535');
  }
});

test('help lists every option once', () => {
  const help = table.read({ argv: ['--help'], env: {} });
  expect(help.kind === 'help' && help.text.match(/--without-simulator/g)?.length).toBe(1);
});
