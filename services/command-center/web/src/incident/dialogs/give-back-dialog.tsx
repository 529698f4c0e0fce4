import type { Incident } from '@skyeye/contracts';
import { useQuery } from '@tanstack/react-query';
import { Input, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { api } from '../../api/routes.ts';
import { useMe } from '../../live/use-feed.tsx';
import { useTexts } from '../../texts/language.tsx';
import { useActs } from '../use-acts.ts';
import { ActDialog } from './act-dialog.tsx';
import { Field } from './field.tsx';

const REASON_MIN = 4;

/** 退回: not of this district. The right station is named, and answers from now on. */
export function GiveBackDialog({ row, onClose }: { readonly row: Incident; readonly onClose: () => void }): ReactNode {
  const texts = useTexts();
  const words = texts.dialogs.giveBack;
  const acts = useActs();
  const me = useMe();
  const [code, setCode] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const county = useQuery({ queryKey: ['county'], queryFn: api.county, staleTime: Number.POSITIVE_INFINITY });
  const stations = (county.data?.stations ?? []).filter((station) => station.code !== row.station);
  const station = stations.find((each) => each.code === code);
  return (
    <ActDialog
      row={row}
      title={me.role === 'station' ? words.title : words.titleDesk}
      submit={texts.dialogs.submit}
      ready={station !== undefined && reason.trim().length >= REASON_MIN}
      onClose={onClose}
      act={() => (station === undefined ? Promise.resolve(false) : acts.giveBack(row, station, reason.trim()))}
    >
      <p className="soft">{words.hint(row.stationName)}</p>
      <Field label={words.station}>
        <Select
          style={{ width: '100%' }}
          showSearch={{ optionFilterProp: 'label' }}
          value={code}
          onChange={setCode}
          loading={county.data === undefined}
          aria-label={words.station}
          options={stations.map(({ code: value, name: label }) => ({ value, label }))}
        />
      </Field>
      <Field label={words.reason} hint={reason.trim().length < REASON_MIN ? words.short : undefined}>
        <Input.TextArea rows={2} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
      </Field>
    </ActDialog>
  );
}
