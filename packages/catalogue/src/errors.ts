import { errorTable } from '@skyeye/foundation';

export const errors = errorTable('CATALOGUE', {
  entryInvalid: { handling: 'refuse', message: 'a catalogue entry does not have the form of an entry' },
  formulaInvalid: { handling: 'refuse', message: 'a formula, trigger or fire condition of the catalogue is refused by the language' },
  idTwice: { handling: 'refuse', message: 'two catalogue entries have the same id' },
  exampleInvalid: { handling: 'refuse', message: 'a worked example cannot be read' },
});
