import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { NavLink, Outlet, useNavigation } from 'react-router'
import { ApiError, api } from '../api.ts'
import { keys } from '../query.ts'
import { Icon } from '../ui/icons.tsx'
import { Logo } from '../ui/logo.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import { usePreload } from '../ui/use-preload.ts'
import { useSearch } from '../use-search.ts'
import { usePaletteOpen } from './commands.ts'
import { OfflineBanner } from './offline-banner.tsx'
import { SettingsMenu } from './settings-menu.tsx'
import styles from './shell.module.css'
import { SignedOutPage } from './signed-out-page.tsx'
import { useShellKeys } from './use-shell-keys.ts'
import { WaitingChats } from './waiting-chats.tsx'

const load = {
  palette: async () => ({ default: (await import('./palette.tsx')).Palette }),
  shortcuts: async () => ({ default: (await import('./shortcuts-dialog.tsx')).ShortcutsDialog }),
}
const Palette = lazy(load.palette)
const ShortcutsDialog = lazy(load.shortcuts)

/** The frame of every page: the rail, who is signed in, the word about a lost network. */
export function Shell() {
  const { t } = useTranslation()
  const me = useQuery({ queryKey: keys.me, queryFn: api.me, staleTime: Number.POSITIVE_INFINITY })
  const navigation = useNavigation()
  const [search, changeSearch] = useSearch()
  const paletteOpen = usePaletteOpen()
  const showShortcuts = useCallback((shown: boolean) => changeSearch({ shortcuts: shown ? '1' : null }), [changeSearch])
  useShellKeys(() => showShortcuts(true))
  usePreload(load)

  if (me.error instanceof ApiError && me.error.status === 401) return <SignedOutPage />

  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        {t('skip')}
      </a>
      <nav className={styles.rail} aria-label={t('main-menu')}>
        <NavLink to="/" end className={styles.logo} aria-label="Botloom">
          <Logo size={30} />
        </NavLink>
        <NavLink to="/" className={({ isActive }) => `${styles.item} ${isActive ? styles.active : ''}`}>
          <Icon name="bots" size={20} />
          <span>{t('bots')}</span>
        </NavLink>
        <WaitingChats signedIn={me.isSuccess} />
        <div className={styles.space} />
        <SettingsMenu itemClass={styles.item ?? ''} onShortcuts={() => showShortcuts(true)} />
      </nav>
      <div className={styles.content}>
        <OfflineBanner />
        {navigation.state === 'loading' && (
          <div className={styles.loading} role="progressbar" aria-label={t('loading')} />
        )}
        <main id="main" className={styles.main} tabIndex={-1}>
          {me.error ? (
            <div className={styles.pad}>
              <ErrorNotice error={me.error} onRetry={() => me.refetch()} />
            </div>
          ) : (
            me.data && <Outlet />
          )}
        </main>
      </div>
      <Suspense>
        {paletteOpen && <Palette onShortcuts={() => showShortcuts(true)} />}
        {search.get('shortcuts') === '1' && <ShortcutsDialog onClose={() => showShortcuts(false)} />}
      </Suspense>
    </div>
  )
}
