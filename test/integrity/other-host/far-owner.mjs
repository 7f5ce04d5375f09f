export { newOwner, parseOwner } from '../../../dist/store/lock-owner.js';

export const isDead = () => false;
export const isDeadClaim = () => false;
