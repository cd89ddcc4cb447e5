import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { blockName } from '#editor/canvas/words.ts'
import { useDraft } from '#editor/document/store.ts'
import type { VersionDocument, VersionImpact } from '#server/api/dto.ts'

/** One line of what a dialog tells before it is done. */
export function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** Which blocks change by a version, or by the draft; named as they are in it. */
export function Changes({ impact, version }: { impact: VersionImpact; version?: VersionDocument }) {
  const { t } = useTranslation('publish')
  const drafted = useDraft((state) => state.document.nodes)
  const nodes = version?.document.nodes ?? drafted
  const { added, removed, updated } = impact.changedBlocks
  if (added.length + removed.length + updated.length === 0)
    return <>{version ? t('changes.none.version', { version: version.version }) : t('changes.none')}</>
  const names = (ids: string[]) => {
    const known = ids.flatMap((id) => (nodes[id] ? [blockName(nodes[id])] : []))
    return known.length > 6 ? `${known.slice(0, 6).join(t('and'))} …` : known.join(t('and'))
  }
  return (
    <ul>
      {added.length > 0 && <li>{t('changes.added', { count: added.length, names: names(added) })}</li>}
      {updated.length > 0 && <li>{t('changes.updated', { count: updated.length, names: names(updated) })}</li>}
      {removed.length > 0 && <li>{t('changes.removed', { count: removed.length })}</li>}
    </ul>
  )
}
