import { type ReactNode, useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from './button.tsx'
import { useModal } from './use-modal.ts'

/** A modal dialog on the browser's own `<dialog>`: focus is trapped and given back, Escape closes. */
export function Dialog({
  title,
  onClose,
  children,
  footer,
  wide = false,
}: {
  title: string
  onClose: () => void
  children: ReactNode
  footer?: ReactNode
  wide?: boolean
}) {
  const { t } = useTranslation()
  const element = useRef<HTMLDialogElement>(null)
  const id = useId()
  useModal(element, (dialog) => {
    const first = dialog.querySelector<HTMLElement>(
      '.bl-dialog__body :is(input:not([type=radio], [type=checkbox], [type=file]), textarea)',
    )
    ;(first ?? dialog).focus()
  })
  return (
    <dialog
      ref={element}
      className={`bl-dialog ${wide ? 'bl-dialog--wide' : ''}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onMouseDown={(event) => {
        if (event.target === element.current) onClose()
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <div className="bl-dialog__head">
        <h2 id={id}>{title}</h2>
        <IconButton icon="close" label={t('close')} onClick={onClose} />
      </div>
      <div className="bl-dialog__body">{children}</div>
      {footer && <div className="bl-dialog__foot">{footer}</div>}
    </dialog>
  )
}
