import { useTranslation } from 'react-i18next'
import { SliceTable } from '#editor/insights/slice-table.tsx'
import { lengthWord, type Slice, toSlice } from '#editor/insights/slices.ts'
import type { ReportView } from '#server/api/dto.ts'
import { languageName } from '../ui/words.ts'
import { slicesCsv } from './report-csv.ts'
import { ReportSection } from './report-section.tsx'
import styles from './slice-section.module.css'

/** Whether some kinds of questions are understood less well than others: by language and by length, where the test has several. */
export function SliceSection({ report }: { report: ReportView }) {
  const { t } = useTranslation('reports')
  const languages = report.languages.map(({ language, ...slice }) =>
    toSlice({ name: languageName(language), ...slice }),
  )
  const lengths = report.lengths.map(({ from, to, ...slice }, i, all) => {
    const bounds = to === null ? 'from' : from >= to ? 'one' : 'between'
    const word = t(`lengths.${lengthWord(all, i)}`)
    return toSlice({ name: t(`lengths.${bounds}`, { word, from, to }), ...slice })
  })
  const tables: { title: string; head: string; slices: Slice[] }[] = [
    { title: t('languages'), head: t('language'), slices: languages },
    { title: t('lengths'), head: t('length'), slices: lengths },
  ].filter(({ slices }) => slices.length > 1)
  if (tables.length === 0) return null
  return (
    <ReportSection
      title={t('slices')}
      about={t('slices.about')}
      csv={() => slicesCsv(tables.flatMap(({ slices }) => slices))}
    >
      <div className={styles.tables}>
        {tables.map((table) => (
          <SliceTable key={table.title} {...table} />
        ))}
      </div>
    </ReportSection>
  )
}
