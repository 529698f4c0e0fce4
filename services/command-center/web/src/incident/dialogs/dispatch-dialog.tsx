import type { Incident } from '@skyeye/contracts';
import { useQuery } from '@tanstack/react-query';
import { Button, Input, Modal, Skeleton } from 'antd';
import { useState, type ReactNode } from 'react';
import { api } from '../../api/routes.ts';
import { distance } from '../../shell/format.ts';
import { Failing } from '../../shell/page-states.tsx';
import { useTexts } from '../../texts/language.tsx';
import { useActs } from '../use-acts.ts';
import { Field } from './field.tsx';

export function DispatchDialog({ row, onClose }: { readonly row: Incident; readonly onClose: () => void }): ReactNode {
  const texts = useTexts();
  const words = texts.dialogs.dispatch;
  const acts = useActs();
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState<string | null>(null);
  const units = useQuery({ queryKey: ['units', row.id, row.version], queryFn: () => api.units(row.id) });
  // Who goes to a door comes first; grid workers follow up and stand below. Each part stays nearest first.
  const options = [...(units.data ?? [])].sort((a, b) => Number(a.kind === 'grid') - Number(b.kind === 'grid'));
  const best = options.find((unit) => unit.onShift && unit.busy === 0);
  const send = async (unit: { readonly code: string; readonly name: string }): Promise<void> => {
    setBusy(unit.code);
    const done = await acts.dispatch(row, unit, note.trim());
    setBusy(null);
    if (done) onClose();
  };
  return (
    <Modal open title={words.title} width={620} footer={null} onCancel={onClose} destroyOnHidden>
      <p className="soft" style={{ marginBottom: 10 }}>
        {row.subject.maskedName} · {texts.incident.number(row.number)} · {words.hint}
      </p>
      <Field label={words.note}>
        <Input maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />
      </Field>
      <div style={{ marginTop: 8, maxHeight: 380, overflow: 'auto' }}>
        {units.error !== null ? (
          <Failing error={units.error} onRetry={() => void units.refetch()} />
        ) : units.data === undefined ? (
          <Skeleton active />
        ) : units.data.length === 0 ? (
          <div className="state">{words.empty}</div>
        ) : (
          <table className="grid">
            <thead>
              <tr>
                <th>{words.columns.unit}</th>
                <th className="num">{words.columns.distance}</th>
                <th className="num">{words.columns.eta}</th>
                <th className="num">{words.columns.load}</th>
                <th aria-label={words.go} />
              </tr>
            </thead>
            <tbody>
              {options.map((unit) => (
                <tr key={unit.code}>
                  <td>
                    <b>{unit.name}</b>
                    <div className="small soft">
                      {texts.unitKinds[unit.kind]}
                      {unit.onShift ? '' : ` · ${words.off}`}
                    </div>
                  </td>
                  <td className="num">{distance(unit.distanceM, texts)}</td>
                  <td className="num strong">{words.eta(Math.max(1, Math.round(unit.etaMin)))}</td>
                  <td className="num">{unit.busy}</td>
                  <td className="num">
                    <Button
                      size="small"
                      type={unit === best ? 'primary' : 'default'}
                      disabled={!unit.onShift || (busy !== null && busy !== unit.code)}
                      loading={busy === unit.code}
                      onClick={() => void send(unit)}
                    >
                      {words.go}
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </Modal>
  );
}
