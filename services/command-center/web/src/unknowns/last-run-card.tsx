import { SCAMS, type UnknownList } from '@skyeye/contracts';
import type { ReactNode } from 'react';
import { dayTime } from '../live/county-clock.ts';
import { sourceName } from '../shell/format.ts';
import { useLanguage } from '../texts/language.tsx';

const GROUPS_SHOWN = 3;

/** What the last night learned and noticed. A line that needs a person is marked, the others are quiet. */
export function LastRunCard({ run }: { readonly run: UnknownList['lastRun'] }): ReactNode {
  const { texts, language, say } = useLanguage();
  const words = texts.lastRun;
  if (run === null)
    return (
      <section className="card" aria-label={words.title}>
        <header>
          <h2>{words.title}</h2>
          <span className="small soft">
            {words.none} · {words.noneHint}
          </span>
        </header>
      </section>
    );
  const { facts } = run;
  const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
  const groupName = (group: string): string =>
    group.startsWith('source:')
      ? sourceName(group.slice('source:'.length), texts)
      : group in SCAMS
        ? SCAMS[group as keyof typeof SCAMS][language]
        : group;
  const [first] = facts.driftedInputs;
  const lines: { readonly says: string; readonly isBad: boolean }[] = [
    { says: words.labels(facts.labels, facts.frauds), isBad: false },
    facts.poisoned
      ? { says: words.poisoned, isBad: true }
      : { says: facts.wrongShare === null ? words.uncheckable : words.checked(facts.checked, percent(facts.wrongShare)), isBad: false },
    facts.suspiciousTeams.length > 0
      ? { says: words.teams(facts.suspiciousTeams.join(language === 'zh' ? '、' : ', ')), isBad: true }
      : { says: words.teamsFine, isBad: false },
    facts.driftedCalibration.length > 0
      ? {
          says: words.calibration(
            facts.driftedCalibration
              .slice(0, GROUPS_SHOWN)
              .map(({ group, said, real }) => `${groupName(group)} ${percent(said)} → ${percent(real)}`)
              .join(language === 'zh' ? '、' : ', '),
          ),
          isBad: true,
        }
      : { says: words.calibrationFine, isBad: false },
    first === undefined
      ? { says: words.inputsFine, isBad: false }
      : { says: words.inputs(facts.driftedInputs.length, first.says === undefined ? first.input : say(first.says)), isBad: true },
    {
      says:
        facts.candidate === null
          ? words.noCandidate(words.why[facts.candidateNote] ?? facts.candidateNote)
          : words.candidate(facts.candidate),
      isBad: false,
    },
  ];
  return (
    <section className="card" aria-label={words.title}>
      <header>
        <h2>{words.title}</h2>
        <span className="small soft">{dayTime(run.atMs)}</span>
      </header>
      <ul className="body lastrun">
        {lines.map(({ says, isBad }) => (
          <li key={says} className={`mark ${isBad ? 'square ink P3' : 'ink ok'}`}>
            <span>{says}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
