import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { blockName } from '#editor/canvas/words.ts'
import { setField } from '#editor/document/edits.ts'
import { registry } from '#editor/document/registry.ts'
import { select } from '#editor/document/selection.ts'
import { draft, useDraft } from '#editor/document/store.ts'
import { Button } from '../ui/button.tsx'
import { showToast } from '../ui/toast.tsx'
import { percent } from '../ui/words.ts'
import styles from './apply-threshold.module.css'
import { type ThresholdBlock, thresholdBlocks, thresholdField } from './threshold-blocks.ts'

/** Takes the threshold that was tried out into the blocks that ask this model: one click, which can be taken back. */
export function ApplyThreshold({
  bot,
  examiner,
  threshold,
  advised,
}: {
  bot: string
  /** The block that wrote the report. */
  examiner: string
  threshold: number
  advised: number
}) {
  const { t } = useTranslation('reports')
  const document = useDraft((state) => (state.phase === 'open' ? state.document : null))
  const blocks = useMemo(() => (document ? thresholdBlocks(document, registry, examiner) : null), [document, examiner])
  if (!blocks) return null
  if (blocks.length === 0) return <p className={styles.none}>{t('apply.none')}</p>
  return (
    <ul className={`${styles.blocks} bl-screen-only`}>
      {blocks.map((block) => (
        <Block key={block.node.id} bot={bot} block={block} threshold={threshold} advised={advised} />
      ))}
    </ul>
  )
}

function Block({
  bot,
  block: { node, threshold: now },
  threshold,
  advised,
}: {
  bot: string
  block: ThresholdBlock
  threshold: number
  advised: number
}) {
  const { t } = useTranslation('reports')
  const navigate = useNavigate()
  const name = blockName(node)

  const set = (value: number | null) => {
    const diff = draft.commit((document) => setField(document, node.id, thresholdField, value), { label: 'edit' })
    if (!diff) return
    const share = percent(value ?? advised, 0)
    showToast(t(value === null ? 'apply.reset-done' : 'apply.done', { name, threshold: share }), {
      label: t('apply.undo'),
      // Not what came after it: somebody may have gone on before clicking.
      perform: () => {
        if (draft.getState().history.past.at(-1)?.diff === diff) draft.undo()
      },
    })
  }
  const open = () => {
    select([node.id])
    navigate(`/bots/${bot}/canvas?side=block`)
  }

  return (
    <li className={styles.block}>
      <p>
        <button type="button" className={styles.name} title={t('apply.open')} onClick={open}>
          {name}
        </button>{' '}
        {t(now === null ? 'apply.own' : 'apply.fixed', { threshold: percent(now ?? advised, 0) })}
      </p>
      <span className={styles.actions}>
        <Button
          size="small"
          variant="primary"
          disabled={threshold === (now ?? Math.round(advised * 100) / 100)}
          onClick={() => set(threshold)}
        >
          {t('apply.use', { threshold: percent(threshold, 0) })}
        </Button>
        {now !== null && (
          <Button size="small" onClick={() => set(null)}>
            {t('apply.reset')}
          </Button>
        )}
      </span>
    </li>
  )
}
