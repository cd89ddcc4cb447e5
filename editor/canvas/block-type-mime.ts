/** What a block of the palette is called while it is dragged. */
export const blockTypeMime = 'application/x-botloom-block'
