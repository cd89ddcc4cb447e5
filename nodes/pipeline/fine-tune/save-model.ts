import type { Progress, RunnerContext } from '#kit'
import type { TrainingKeeper } from '#runtime/training/training-keeper.ts'

/**
 * Ends a training: the model becomes an artifact, whose hash is returned, what was kept of the training goes, and `told` is the last that
 * is heard of it.
 */
export async function saveModel(
  ctx: RunnerContext,
  write: (folder: string) => Promise<unknown>,
  keepers: readonly TrainingKeeper[],
  told: Omit<Progress, 'phase' | 'share'>,
): Promise<string> {
  ctx.signal.throwIfAborted()
  ctx.progress({ phase: 'saving', share: 0.97 })
  const artifact = await ctx.artifacts.write(async (folder) => {
    await write(folder)
  })
  for (const keeper of keepers) await keeper.forget()
  ctx.progress({ phase: 'saving', share: 1, ...told })
  return artifact
}
