import { LEVELS, type Incident } from '@skyeye/contracts';
import { Input, Select, type InputRef } from 'antd';
import type { ReactNode, RefObject } from 'react';
import { useTexts } from '../texts/language.tsx';
import { isOpen, type QueueFilter } from './order.ts';

interface Props {
  readonly rows: readonly Incident[];
  readonly account: string;
  readonly filter: QueueFilter;
  readonly towns: readonly { readonly code: string; readonly name: string }[];
  readonly onFilter: (filter: QueueFilter) => void;
  readonly searchBox: RefObject<InputRef | null>;
}

export function QueueTools({ rows, account, filter, towns, onFilter, searchBox }: Props): ReactNode {
  const { queue } = useTexts();
  const open = rows.filter(isOpen);
  const chip = (label: string, pressed: boolean, onClick: () => void): ReactNode => (
    <button key={label} type="button" className="chip" aria-pressed={pressed} onClick={onClick}>
      {label}
    </button>
  );
  const mine = open.filter((row) => row.signedBy === account).length;
  return (
    <div className="tools">
      {chip(`${queue.all} ${open.length}`, filter.level === null && !filter.mine, () => onFilter({ ...filter, level: null, mine: false }))}
      {LEVELS.map((level) =>
        chip(`${level} ${open.filter((row) => row.level === level).length}`, filter.level === level, () =>
          onFilter({ ...filter, level: filter.level === level ? null : level }),
        ),
      )}
      {chip(`${queue.mine} ${mine}`, filter.mine, () => onFilter({ ...filter, mine: !filter.mine }))}
      <Select<string>
        aria-label={queue.town}
        size="small"
        style={{ width: 110, flex: 'none' }}
        value={filter.town ?? ''}
        onChange={(town) => onFilter({ ...filter, town: town === '' ? null : town })}
        options={[{ value: '', label: queue.anyTown }, ...towns.map(({ code, name }) => ({ value: code, label: name }))]}
      />
      <Input
        ref={searchBox}
        size="small"
        allowClear
        style={{ flex: '1 1 90px', minWidth: 80, maxWidth: 240 }}
        placeholder={`${queue.search}`}
        aria-label={queue.search}
        value={filter.search}
        onChange={(event) => onFilter({ ...filter, search: event.target.value })}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      <span className="keys">
        <kbd>J</kbd>
        <kbd>K</kbd>
        {queue.move}
        <kbd>S</kbd>
        {queue.sign}
        <kbd>Enter</kbd>
        {queue.open}
      </span>
    </div>
  );
}
