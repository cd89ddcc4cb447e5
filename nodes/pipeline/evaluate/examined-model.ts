import { z } from 'zod'
import type { ModelRef } from '#kit'
import type { TrainingFacts } from '#runtime/language/card.ts'

/** What every report says of the model that it is about. */
export const examinedModel = z.object({
  artifact: z.string(),
  encoder: z.string(),
  method: z.string(),
  device: z.string(),
  trainSeconds: z.number(),
  trainRows: z.number().int().min(0),
})

export function aboutModel(
  { artifact, encoder, method }: Pick<ModelRef, 'artifact' | 'encoder' | 'method'>,
  { device, seconds, rows }: Pick<TrainingFacts, 'device' | 'seconds' | 'rows'>,
): z.infer<typeof examinedModel> {
  return { artifact, encoder, method, device, trainSeconds: seconds, trainRows: rows }
}
