import { useTranslation } from 'react-i18next'
import { Button } from '#editor/app/ui/button.tsx'
import { blockName, blockText } from '#editor/canvas/words.ts'
import { draft, useDraft } from '#editor/document/store.ts'
import type { Clash } from '#runtime/graph/diff.ts'
import { pathOf } from '#runtime/graph/pointer.ts'

/** Two people set one field: both values are shown, nothing is discarded in silence. */
export function Clashes() {
  const { t } = useTranslation('canvas')
  const clashes = useDraft((state) => state.clashes)
  const nodes = useDraft((state) => state.document.nodes)
  if (clashes.length === 0) return null
  return (
    <ul className="bl-insp-clashes" role="alert">
      {clashes.map((clash) => {
        const node = clash.record.startsWith('nodes/') ? nodes[clash.record.slice('nodes/'.length)] : undefined
        const [, field = ''] = pathOf(clash.path)
        const place = [node ? blockName(node) : '', node && field ? blockText(`${node.type}.${field}`) : ''].filter(
          Boolean,
        )
        return (
          <li key={`${clash.record} ${clash.path} ${clash.diff}`}>
            <b>{t('clash.title')}</b>
            {place.length > 0 && <span>{place.join(' · ')}</span>}
            {clash.path === '' ? (
              <p>{t('clash.gone')}</p>
            ) : (
              <dl>
                <dt>{t('clash.kept')}</dt>
                <dd>{shown(clash.kept)}</dd>
                <dt>{t('clash.other')}</dt>
                <dd>{shown(clash.other)}</dd>
              </dl>
            )}
            <div className="bl-inspector__buttons">
              <Button size="small" onClick={() => settle(clash, 'kept')}>
                {t('clash.keep')}
              </Button>
              {clash.path !== '' && (
                <Button size="small" onClick={() => settle(clash, 'other')}>
                  {t('clash.take')}
                </Button>
              )}
            </div>
          </li>
        )
      })}
    </ul>
  )
}

const settle = (clash: Clash, take: 'kept' | 'other') => draft.settleClash(clash, take)

function shown(value: unknown): string {
  if (value === null || value === undefined) return '—'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
