import { useTranslation } from 'react-i18next'
import type { ExperimentView } from '#server/api/dto.ts'
import { Notice } from '../ui/notice.tsx'
import { percent } from '../ui/words.ts'

/** Two versions share the visitors: a third one goes live only where somebody means to end that. */
export function EndsExperiment({
  experiment: { a, b },
  ends,
  onChange,
}: {
  experiment: ExperimentView
  ends: boolean
  onChange: (ends: boolean) => void
}) {
  const { t } = useTranslation('publish')
  return (
    <Notice tone="warn">
      <p>{t('experiment', { a: a.version, b: b.version, shareA: percent(a.share), shareB: percent(b.share) })}</p>
      <label className="bl-check">
        <input type="checkbox" checked={ends} onChange={(event) => onChange(event.target.checked)} />
        <span>{t('experiment.end')}</span>
      </label>
    </Notice>
  )
}
