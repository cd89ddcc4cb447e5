import { useTranslation } from 'react-i18next'
import type { RevisionDeed } from '#server/api/dto.ts'
import { Time } from '../../ui/time.tsx'

/** Who did what to a set, and when. */
export function DeedWords({ deed: { did, by, at } }: { deed: RevisionDeed }) {
  const { t } = useTranslation('labelling')
  return (
    <>
      <strong>{t(`did.${did ?? 'unknown'}`)}</strong>
      {by !== null && <span>{by}</span>}
      <Time iso={at} />
    </>
  )
}
