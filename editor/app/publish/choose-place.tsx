import { useTranslation } from 'react-i18next'
import type { Environment } from '#server/api/dto.ts'
import styles from './publish.module.css'

const places = ['live', 'test'] as const satisfies readonly Environment[]

/** Where it goes: to visitors, or to those who have the test link. */
export function ChoosePlace({
  environment,
  onChoose,
}: {
  environment: Environment
  onChoose: (environment: Environment) => void
}) {
  const { t } = useTranslation('publish')
  return (
    <fieldset className={styles.choice}>
      <legend>{t('place')}</legend>
      {places.map((one) => (
        <label key={one} className="bl-check">
          <input type="radio" name="place" checked={environment === one} onChange={() => onChoose(one)} />
          <span>
            <strong>{t(`place.${one}`)}</strong>
            <small>{t(`place.${one}.about`)}</small>
          </span>
        </label>
      ))}
    </fieldset>
  )
}
