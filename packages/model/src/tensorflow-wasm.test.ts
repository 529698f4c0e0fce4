import { modelAdapter } from './index.ts';
import { modelConformance } from './testing/model-conformance.ts';
import { releasedModels } from './testing/released.ts';

modelConformance(() => modelAdapter('wasm'), releasedModels());
