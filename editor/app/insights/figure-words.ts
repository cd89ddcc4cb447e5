import { useTranslation } from 'react-i18next'
import { number, percent } from '../ui/words.ts'
import type { Measure } from './shares.ts'

/** A figure as people read it; a dash where there is none. */
export function useFigureWords(): (measure: Measure, value: number | null) => string {
  const { t } = useTranslation('insights')
  return (measure, value) => {
    if (value === null) return '–'
    switch (measure) {
      case 'conversations':
        return number(value)
      case 'rating':
        return number(value, 1)
      case 'p50':
      case 'p95':
        return value < 1000
          ? t('ms', { value: number(value, value < 10 ? 1 : 0) })
          : t('app:seconds', { value: number(value / 1000, 1) })
      default:
        return percent(value)
    }
  }
}
