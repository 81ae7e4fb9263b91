/** The trainer of the attention experiment behind the interface of all: its frames, and its state as facts and arrays. */
import type { RunConfig } from '../../../shared/experiments/attention-cv/sweep.js';
import type { RunTrainer, TrainedFrame, TrainerState } from '../trainable.js';
import type { EngineModel } from './engine-model.js';
import { type AttentionState, Trainer } from './trainer.js';

/** @throws when the state belongs to another config. */
export function beginRun(
  config: RunConfig,
  model: EngineModel,
  state: TrainerState | null,
  beat: () => void,
): RunTrainer {
  // A run that may not go on here was not sent; and what it trained after this state may have been allowed before.
  const trainer = new Trainer(config, model, state && attentionState(state), { allowEngineChange: true, beat });
  return {
    *frames(): Generator<TrainedFrame> {
      for (const { epoch, values, measurements, finite } of trainer.epochs()) {
        const diverged = `the loss of epoch ${epoch} is not a finite number`;
        yield { step: epoch, values, measurements, isLast: epoch === config.epochs, ...(!finite && { diverged }) };
      }
    },
    state: () => trainerState(trainer.state()),
    fingerprint: () => trainer.fingerprint(),
    dispose: () => trainer.dispose(),
  };
}

/** An epoch is a step, and the seq of its frame. */
function trainerState({ epoch, seconds, ...rest }: AttentionState): TrainerState {
  const { configHash, engine, kernels, ...arrays } = rest;
  const facts = { configHash, engine, ...(kernels !== undefined && { kernels }) };
  return { seq: epoch, step: epoch, seconds, facts, arrays };
}

function attentionState({ step, seconds, facts, arrays }: TrainerState): AttentionState {
  // As it was written by the function above, of this version or an earlier one; files are held against a checksum.
  return { epoch: step, seconds, ...facts, ...arrays } as unknown as AttentionState;
}
