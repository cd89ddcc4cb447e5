import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { ProblemsPanel } from '#editor/canvas/ProblemsPanel.tsx'
import { blockViews } from '#editor/document/block-views.ts'
import { Clashes } from '#editor/inspector/clashes.tsx'
import { useClashCount } from '#editor/inspector/use-clash-count.ts'
import { IconButton } from '../ui/button.tsx'
import styles from './canvas-page.module.css'
import { RunTab } from './run-tab.tsx'
import { VariablesTab } from './variables-tab.tsx'

const tabs = ['problems', 'run', 'variables'] as const

/** The row of names at the foot of the canvas, folded or above its panel. */
export function DrawerBar({ tab, onTab }: { tab: string | null; onTab: (tab: string | null) => void }) {
  const { t } = useTranslation('bot')
  const clashes = useClashCount()
  const problems = useStore(blockViews, (state) => state.problems.length) + clashes
  return (
    <div className={styles.drawerBar}>
      {tabs.map((one) => (
        <button
          key={one}
          type="button"
          aria-expanded={tab === one}
          aria-controls="drawer"
          onClick={() => onTab(tab === one ? null : one)}
        >
          {t(`drawer.${one}`)}
          {one === 'problems' && problems > 0 && <span className="bl-tag bl-tag--warn">{problems}</span>}
        </button>
      ))}
      <span className={styles.grow} />
      {tab && <IconButton size="small" icon="down" label={t('drawer.close')} onClick={() => onTab(null)} />}
    </div>
  )
}

export function BottomDrawer({ bot, tab, onTab }: { bot: string; tab: string; onTab: (tab: string | null) => void }) {
  const { t } = useTranslation('bot')
  return (
    <section className={styles.drawer} id="drawer" aria-label={t('drawer')}>
      <DrawerBar tab={tab} onTab={onTab} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be scrollable from the keyboard */}
      <div className={styles.drawerBody} tabIndex={0}>
        {tab === 'problems' && (
          <>
            <Clashes />
            <ProblemsPanel />
          </>
        )}
        {tab === 'run' && <RunTab bot={bot} />}
        {tab === 'variables' && <VariablesTab />}
      </div>
    </section>
  )
}
