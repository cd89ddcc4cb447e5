import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { Icon, type IconName } from './icons.tsx'

export type ButtonVariant = 'primary' | 'quiet' | 'plain' | 'danger'

/** A button of the studio. `busy` keeps its place and width, and refuses clicks. */
export function Button({
  variant = 'quiet',
  size = 'medium',
  icon,
  busy = false,
  children,
  className = '',
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & {
  variant?: ButtonVariant
  size?: 'small' | 'medium' | 'large'
  icon?: IconName
  busy?: boolean
  children?: ReactNode
}) {
  return (
    <button
      type="button"
      {...rest}
      aria-busy={busy || undefined}
      disabled={rest.disabled || busy}
      className={`bl-button bl-button--${variant} bl-button--${size} ${className}`}
    >
      {busy ? <span className="bl-spinner" aria-hidden="true" /> : icon && <Icon name={icon} size={16} />}
      {children}
    </button>
  )
}

/** A square button that shows an icon alone; `label` is what a screen reader says and the tooltip shows. */
export function IconButton({
  icon,
  label,
  size = 'medium',
  className = '',
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { icon: IconName; label: string; size?: 'small' | 'medium' }) {
  return (
    <button
      type="button"
      title={label}
      {...rest}
      aria-label={label}
      className={`bl-button bl-button--plain bl-button--icon bl-button--${size} ${className}`}
    >
      <Icon name={icon} size={size === 'small' ? 16 : 18} />
    </button>
  )
}
