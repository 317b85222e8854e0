import { type ClassValue, clsx } from 'clsx'

/**
 * Joins class names. Two that set the same property do not override each other: give a component a variant instead of
 * a class that fights its own.
 */
export const cn = (...inputs: ClassValue[]): string => clsx(inputs)
