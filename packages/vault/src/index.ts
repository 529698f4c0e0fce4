export { errors as vaultErrors } from './errors.ts';
export { demoSecret, drawDigest, loadOrCreateMasterKey, masterKeyFrom, MASTER_KEY_BYTES, type MasterKey } from './keys.ts';
export { madeOnce } from './made-once.ts';
export { maskIdentifier, maskName } from './mask.ts';
export { normalise as normaliseIdentifier } from './normalise.ts';
export { quarantineSealer, sealer, SEAL_OVERHEAD_BYTES, type QuarantineSealer, type Sealer } from './sealer.ts';
export { kindOfToken, tokenizer, TOKEN_LETTERS, type Tokenizer } from './tokenizer.ts';
export { auditReveals } from './audit-reveals.ts';
export {
  MASKED_MAX,
  vaultReader,
  type Masked,
  type RevealEntry,
  type RevealPurpose,
  type Revealed,
  type VaultReader,
  type VaultReaderOptions,
} from './reader.ts';
export { embeddedVault, setUpVault, type VaultUrls } from './set-up.ts';
export { vaultWriter, type Sighting, type VaultOpenOptions, type VaultWriter } from './writer.ts';
