export { counterScript, type CounterFacts, type CounterTexts } from './counter-script.ts';
export { errors, HOLD_MOVES, HOLD_MS, moveHold, type HoldMove, type HoldState, type MoveRequest } from './hold-states.ts';
