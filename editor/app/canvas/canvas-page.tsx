import { lazy, Suspense, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { Canvas } from '#editor/canvas/Canvas.tsx'
import { Palette } from '#editor/canvas/Palette.tsx'
import { useDraft } from '#editor/document/store.ts'
import { Inspector } from '#editor/inspector/Inspector.tsx'
import { Checklist } from '../bot/checklist.tsx'
import { setPageTitle } from '../page-title.ts'
import { IconButton } from '../ui/button.tsx'
import { useSearch } from '../use-search.ts'
import { BottomDrawer, DrawerBar } from './bottom-drawer.tsx'
import styles from './canvas-page.module.css'
import { EmptyCanvas } from './empty-canvas.tsx'
import { Panels } from './panels.tsx'
import { useNarrow } from './use-narrow.ts'
import { usePlaceInUrl } from './use-place-in-url.ts'

const Simulator = lazy(async () => ({ default: (await import('#editor/simulator/simulator.tsx')).Simulator }))

type Side = 'block' | 'try'

/** Blocks to the left, the graph in the middle, settings or a chat to the right, what went on below. */
export function CanvasPage() {
  const { t } = useTranslation('bot')
  const { bot = '' } = useParams()
  const [search, changeSearch] = useSearch()
  const narrow = useNarrow()
  const open = useDraft((state) => state.phase === 'open')
  useEffect(() => setPageTitle(t('tab.canvas')), [t])
  usePlaceInUrl(open)

  const asked = search.get('side')
  const side: Side | null = asked === 'try' ? 'try' : asked === 'block' || !narrow ? 'block' : null
  const drawer = search.get('drawer')
  const set = (key: 'side' | 'drawer', value: string | null) => changeSearch({ [key]: value }, { replace: true })

  if (!open)
    return (
      <div className={styles.waiting} aria-busy="true">
        <div className="bl-skeleton" />
        <div className="bl-skeleton" />
        <div className="bl-skeleton" />
      </div>
    )

  const sidePanel = side && (
    <section className={styles.side} aria-label={t('side')}>
      <div className={styles.sideHead}>
        <div className={styles.sideTabs} role="tablist" aria-label={t('side')}>
          {(['block', 'try'] as const).map((tab) => (
            <button
              key={tab}
              type="button"
              role="tab"
              id={`side-${tab}`}
              aria-selected={side === tab}
              aria-controls="side-panel"
              onClick={() => set('side', tab)}
            >
              {t(`side.${tab}`)}
            </button>
          ))}
        </div>
        {narrow && <IconButton size="small" icon="close" label={t('side.close')} onClick={() => set('side', null)} />}
      </div>
      <div className={styles.sideBody} role="tabpanel" id="side-panel" aria-labelledby={`side-${side}`}>
        {side === 'try' ? (
          <Suspense fallback={<div className="bl-skeleton" style={{ margin: 16, height: 200 }} />}>
            <Simulator bot={bot} />
          </Suspense>
        ) : (
          <Inspector />
        )}
      </div>
    </section>
  )
  const canvas = (
    <div className={styles.canvas}>
      <Canvas />
      <EmptyCanvas />
      {!(narrow && (side || drawer)) && (
        <div className={styles.corner}>
          <Checklist bot={bot} />
        </div>
      )}
    </div>
  )

  return (
    <div className={styles.page}>
      {narrow ? (
        <div className={styles.narrow}>
          {canvas}
          {sidePanel && <div className={styles.sheet}>{sidePanel}</div>}
          {drawer && (
            <div className={styles.sheet}>
              <BottomDrawer bot={bot} tab={drawer} onTab={(tab) => set('drawer', tab)} />
            </div>
          )}
        </div>
      ) : (
        <Panels
          palette={<Palette />}
          canvas={canvas}
          side={sidePanel}
          bottom={drawer && <BottomDrawer bot={bot} tab={drawer} onTab={(tab) => set('drawer', tab)} />}
        />
      )}
      {!drawer && <DrawerBar tab={null} onTab={(tab) => set('drawer', tab)} />}
    </div>
  )
}
