import type { ReactNode } from 'react';

/** One question with large answers; one of them is chosen. */
export function Choice<T extends string>({
  label,
  value,
  options,
  onChange,
  wide = false,
}: {
  readonly label: string;
  readonly value: T | null;
  readonly options: readonly (readonly [T, string])[];
  readonly onChange: (value: T) => void;
  readonly wide?: boolean;
}): ReactNode {
  return (
    <fieldset className="card choice">
      <legend>{label}</legend>
      <div className={wide ? 'options wide' : 'options'}>
        {options.map(([option, name]) => (
          <label key={option} className={option === value ? 'picked' : ''}>
            <input type="radio" name={label} checked={option === value} onChange={() => onChange(option)} />
            {name}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
