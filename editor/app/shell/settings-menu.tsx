import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { isStudioLanguage, languageNames, setStudioLanguage, studioLanguages } from '../i18n.ts'
import { setThemeChoice, useThemeChoice } from '../theme.ts'
import { Icon } from '../ui/icons.tsx'
import { Menu } from '../ui/menu.tsx'

const NameDialog = lazy(async () => ({ default: (await import('./name-dialog.tsx')).NameDialog }))

/** Language and theme, which take effect at once and are remembered; one's own name; and the way to all shortcuts. */
export function SettingsMenu({ itemClass, onShortcuts }: { itemClass: string; onShortcuts?: () => void }) {
  const { t, i18n } = useTranslation()
  const theme = useThemeChoice()
  const [naming, setNaming] = useState(false)
  const navigate = useNavigate()
  const menu = (
    <Menu
      place="right-up"
      trigger={(props) => (
        <button type="button" className={itemClass} {...props}>
          <Icon name="settings" size={20} />
          <span>{t('settings')}</span>
        </button>
      )}
      groups={[
        {
          title: t('language'),
          items: studioLanguages.map((language) => ({
            key: language,
            label: languageNames[language],
            checked: isStudioLanguage(i18n.language) && i18n.language === language,
            onPick: () => void setStudioLanguage(language),
          })),
        },
        {
          title: t('theme'),
          items: (['system', 'light', 'dark'] as const).map((choice) => ({
            key: choice,
            label: t(`theme.${choice}`),
            checked: theme === choice,
            onPick: () => setThemeChoice(choice),
          })),
        },
        {
          // Nobody is signed in where there are no shortcuts.
          items: onShortcuts
            ? [
                { key: 'name', label: t('your-name'), onPick: () => setNaming(true) },
                { key: 'workspace', label: t('workspace-settings'), onPick: () => void navigate('/settings') },
                { key: 'shortcuts', label: t('shortcuts'), onPick: onShortcuts },
              ]
            : [],
        },
      ]}
    />
  )
  return (
    <>
      {menu}
      {naming && (
        <Suspense>
          <NameDialog onClose={() => setNaming(false)} />
        </Suspense>
      )}
    </>
  )
}
