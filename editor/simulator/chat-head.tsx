import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '#editor/app/api.ts'
import { keys } from '#editor/app/query.ts'
import { IconButton } from '#editor/app/ui/button.tsx'
import { Icon, type IconName } from '#editor/app/ui/icons.tsx'
import { languageName } from '#editor/app/ui/words.ts'
import { useDraft } from '#editor/document/store.ts'
import type { Place } from './chats.ts'
import styles from './simulator.module.css'

/** Whom one talks with and in which language, and the ways to look at it. */
export function ChatHead({
  place,
  onPlace,
  switches,
  onKeep,
  onRestart,
}: {
  place: Place
  onPlace: (change: Partial<Place>) => void
  switches: { key: 'steps' | 'variables'; icon: IconName; on: boolean; onSwitch: () => void }[]
  /** Null while nothing was said. */
  onKeep: (() => void) | null
  onRestart: () => void
}) {
  const { t } = useTranslation('simulator')
  const languages = useDraft((state) => state.document.languages)
  const versions = useQuery({ queryKey: keys.versions(place.bot), queryFn: () => api.versions(place.bot) })
  return (
    <div className={styles.head}>
      <div className={styles.places}>
        <select
          className="bl-select"
          aria-label={t('talk-with')}
          value={place.version ?? ''}
          onChange={({ target }) => onPlace({ version: target.value === '' ? null : Number(target.value) })}
        >
          <option value="">{t('draft')}</option>
          {place.version !== null && !versions.data && <option value={place.version}>v{place.version}</option>}
          {versions.data?.map(({ version, current }) => (
            <option key={version} value={version}>
              {current ? t('version.current', { version }) : `v${version}`}
            </option>
          ))}
        </select>
        <select
          className="bl-select"
          aria-label={t('language')}
          value={place.language}
          onChange={({ target }) => onPlace({ language: target.value })}
        >
          {languages.map((tag) => (
            <option key={tag} value={tag}>
              {languageName(tag)}
            </option>
          ))}
        </select>
        <IconButton icon="restart" label={t('restart')} onClick={onRestart} />
      </div>
      <div className={styles.switches} role="toolbar" aria-label={t('tools')}>
        {switches.map(({ key, icon, on, onSwitch }) => (
          <button key={key} type="button" aria-pressed={on} onClick={onSwitch}>
            <Icon name={icon} size={14} />
            {t(`switch.${key}`)}
          </button>
        ))}
        <button type="button" aria-haspopup="dialog" disabled={onKeep === null} onClick={() => onKeep?.()}>
          <Icon name="keep" size={14} />
          {t('keep')}
        </button>
      </div>
    </div>
  )
}
