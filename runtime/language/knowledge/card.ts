import { z } from 'zod'

const share = z.number().min(0).max(1)
const count = z.number().int().min(0)

/** How the floor was found. */
export const floorFacts = z.object({
  /** Confidence below which nothing answers. */
  floor: share,
  /** Null where there was too little to try questions on; the floor is then an estimate. */
  trials: z
    .object({
      /** Questions made from the material, and those that it does not answer. */
      inside: count,
      outside: count,
      /** Share of each on the right side of the floor. */
      kept: share,
      refused: share,
    })
    .nullable(),
})
export type FloorFacts = z.infer<typeof floorFacts>

/** `card.json` of a knowledge. */
export const knowledgeCard = z.object({
  format: z.literal(1),
  kind: z.literal('knowledge'),
  encoder: z.object({ name: z.string(), hash: z.string(), width: z.number().int().positive() }),
  documents: z.array(z.object({ title: z.string(), file: z.string(), passages: count })),
  questions: count,
  passages: count,
  floor: floorFacts,
  /** SHA-256 of each other file of the folder. */
  files: z.record(z.string(), z.string()),
})
export type KnowledgeCard = z.infer<typeof knowledgeCard>
