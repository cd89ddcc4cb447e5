import { useTranslation } from 'react-i18next'
import type { RowView } from '#server/api/dto.ts'

/** What a row is about, in words: also that it is outside of all topics, or that nobody has said it yet. */
export function useTopicWords(): (row: Pick<RowView, 'outOfScope' | 'labelName'>) => string {
  const { t } = useTranslation('data')
  return (row) => (row.outOfScope ? t('out-of-scope') : (row.labelName ?? t('no-label')))
}
