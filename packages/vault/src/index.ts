export { errors as vaultErrors } from './errors.ts';
export { loadOrCreateMasterKey, masterKeyFrom, MASTER_KEY_BYTES, type MasterKey } from './keys.ts';
export { maskIdentifier, maskName } from './mask.ts';
export { normalise as normaliseIdentifier } from './normalise.ts';
export { quarantineSealer, sealer, SEAL_OVERHEAD_BYTES, type QuarantineSealer, type Sealer } from './sealer.ts';
export { kindOfToken, tokenizer, TOKEN_LETTERS, type Tokenizer } from './tokenizer.ts';
