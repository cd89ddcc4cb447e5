import { useTranslation } from 'react-i18next'
import { Button } from '#editor/app/ui/button.tsx'
import { flyTo } from '#editor/canvas/control.ts'
import { select } from '#editor/document/selection.ts'
import { draft, useDraft } from '#editor/document/store.ts'
import type { Clash } from '#runtime/graph/diff.ts'
import { valueAt } from '#runtime/graph/pointer.ts'
import { splitKey, toRecords } from '#runtime/graph/records.ts'
import { namesIn, pathWords, recordWords, valueWords } from './change-words.ts'
import { type ClashItem, clashItems } from './clash-items.ts'
import './inspector.css'

/** Where two people set one thing: both values, and which is to stand. Of one block, or of the whole bot. */
export function Clashes({ of = null }: { of?: string | null }) {
  const { t } = useTranslation(['canvas', 'blocks'])
  const clashes = useDraft((state) => state.clashes)
  const items = clashItems(clashes).filter((item) => of === null || item.block === of)
  if (items.length === 0) return null
  return (
    <ul className={`bl-insp-clashes ${of === null ? '' : 'bl-insp-clashes--block'}`} aria-label={t('clash.list')}>
      {items.map((item) => (
        <ClashEntry key={item.key} item={item} way={of === null} />
      ))}
    </ul>
  )
}

function ClashEntry({ item, way }: { item: ClashItem; way: boolean }) {
  const { t } = useTranslation(['canvas', 'blocks'])
  const document = useDraft((state) => state.document)
  const [first] = item.clashes
  if (!first) return null
  const records = toRecords(document)
  const record = records[first.record]
  const [kind] = splitKey(first.record)
  const gone = first.path === ''
  const node = item.block === null ? undefined : document.nodes[item.block]
  const settle = (take: 'kept' | 'other') => {
    for (const clash of item.clashes) draft.settleClash(clash, take)
  }
  const goTo = () => {
    if (item.block === null) return
    select([item.block])
    void flyTo(item.block)
  }
  return (
    <li>
      <div className="bl-insp-clashes__head">
        <b>{recordWords(first.record, record, document)}</b>
        {!gone && <span>{pathWords(first.record, record, first.path)}</span>}
        {way && node && (
          <Button size="small" variant="plain" icon="target" onClick={goTo}>
            {t('clash.show')}
          </Button>
        )}
      </div>
      <p>{t(gone ? 'clash.gone' : kind === 'positions' ? 'clash.moved' : 'clash.title')}</p>
      {gone ? (
        <dl>
          {item.clashes.flatMap((clash) =>
            lostChanges(clash).map(([path, value]) => (
              <div key={`${clash.record} ${path}`}>
                <dt>{pathWords(clash.record, records[clash.record], path)}</dt>
                <dd>{valueWords(records[clash.record], path, value, namesIn(document))}</dd>
              </div>
            )),
          )}
        </dl>
      ) : (
        kind !== 'positions' && (
          <dl>
            <div>
              <dt>{t('clash.kept')}</dt>
              <dd>{valueWords(record, first.path, valueAt(record, first.path), namesIn(document))}</dd>
            </div>
            <div>
              <dt>{t('clash.other')}</dt>
              <dd>{valueWords(record, first.path, first.other, namesIn(document))}</dd>
            </div>
          </dl>
        )
      )}
      <div className="bl-inspector__buttons">
        <Button size="small" onClick={() => settle('kept')}>
          {t(gone ? 'clash.seen' : 'clash.keep')}
        </Button>
        {!gone && record !== undefined && (
          <Button size="small" onClick={() => settle('other')}>
            {t('clash.take')}
          </Button>
        )}
      </div>
    </li>
  )
}

/** What was set in a block that is gone, but for where it stood. */
function lostChanges(clash: Clash): [path: string, value: unknown][] {
  if (!clash.record.startsWith('nodes/')) return []
  return Object.entries(clash.other as Record<string, [unknown, unknown]>).map(([path, [, to]]) => [path, to])
}
