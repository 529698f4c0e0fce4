import { errorTable } from '@skyeye/foundation';

/** What the procedure does not allow. All are refusals: nothing is changed. */
export const errors = errorTable('RESPONSE', {
  stepNotAllowed: { handling: 'refuse', message: 'the incident is in a state that does not allow this step' },
  meetingRequired: { handling: 'refuse', message: 'an incident of level P1 or P2 cannot be closed before the person was met face to face' },
  resultRequired: { handling: 'refuse', message: 'a coded result is required' },
  causeRequired: { handling: 'refuse', message: 'a false alarm needs its coded cause' },
  reasonRequired: { handling: 'refuse', message: 'a level is lowered only with a reason' },
  levelUnchanged: { handling: 'refuse', message: 'the incident has this level already' },
  machineCannotLower: { handling: 'refuse', message: 'a level is lowered only by a person' },
  returnToSelf: { handling: 'refuse', message: 'the incident is with this station already' },
  returnedBefore: { handling: 'refuse', message: 'a station returns an incident once; ask the county desk to send it elsewhere' },
  returnLate: {
    handling: 'refuse',
    message: 'a station returns an incident within five minutes; ask the county desk to send it elsewhere',
  },
  taskStepNotAllowed: { handling: 'refuse', message: 'the task is in a state that does not allow this step' },
});
