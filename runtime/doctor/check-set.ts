import { findBoilerplate } from './boilerplate.ts'
import { findConflicts } from './conflicts.ts'
import { findCopies } from './copies.ts'
import { findDoubtfulLabels } from './doubtful-labels.ts'
import { findEncoding } from './encoding.ts'
import { type DoctorSet, type Finding, findingKinds } from './finding.ts'
import { findLabelSizes } from './label-sizes.ts'
import { findLabelVariants } from './label-variants.ts'
import { findLanguages } from './languages.ts'
import { findLengths } from './lengths.ts'
import { findNearCopies } from './near-copies.ts'
import { findPersonalData } from './personal-data.ts'

/** Shares of the time that the parts take, about, of a large set. */
const detectors: readonly {
  takes: number
  find: (
    set: DoctorSet,
    onShare: (share: number) => Promise<void>,
  ) => Finding | Finding[] | Promise<Finding | Finding[]>
}[] = [
  { takes: 0.01, find: findLabelVariants },
  { takes: 0.02, find: findLabelSizes },
  { takes: 0.02, find: findConflicts },
  { takes: 0.03, find: findCopies },
  { takes: 0.03, find: findEncoding },
  { takes: 0.05, find: findLengths },
  { takes: 0.1, find: findPersonalData },
  { takes: 0.04, find: findBoilerplate },
  { takes: 0.15, find: findLanguages },
  { takes: 0.15, find: findNearCopies },
  { takes: 0.4, find: findDoubtfulLabels },
]

/** All that is wrong with a set, the most harmful first; findings without a row are left out. `onShare` hears how far it is, 0..1. */
export async function checkSet(
  set: DoctorSet,
  onShare: (share: number) => void | Promise<void> = () => {},
): Promise<Finding[]> {
  const found: Finding[] = []
  let before = 0
  for (const { takes, find } of detectors) {
    found.push(...[await find(set, async (share) => onShare(before + share * takes))].flat())
    before += takes
    await onShare(before)
  }
  return found
    .filter(({ cases }) => cases.length > 0)
    .sort((a, b) => findingKinds.indexOf(a.kind) - findingKinds.indexOf(b.kind))
}
