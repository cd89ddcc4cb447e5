import { useTranslation } from 'react-i18next'
import type { RunView } from '#server/api/dto.ts'
import { files } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { followDownload } from '../ui/follow-download.ts'
import { Menu } from '../ui/menu.tsx'

/** What a run left, as files: the report, the test rows with what the model said, and the model itself. */
export function RunFiles({ bot, run }: { bot: string; run: Pick<RunView, 'id' | 'files'> }) {
  const { t } = useTranslation('compare')
  const items = [
    ...(run.files.report ? (['rows', 'report'] as const) : []),
    ...(run.files.model ? (['model'] as const) : []),
  ]
  if (items.length === 0) return null
  return (
    <Menu
      place="below-right"
      groups={[
        {
          items: items.map((key) => ({
            key,
            label: t(`file.${key}`),
            onPick: () => followDownload(files[key](bot, run.id)),
          })),
        },
      ]}
      trigger={(props) => (
        <Button size="small" icon="download" {...props}>
          {t('files')}
        </Button>
      )}
    />
  )
}
