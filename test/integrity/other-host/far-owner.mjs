import * as owner from '../../../dist/store/lock-owner.js';

export const { newOwner, parseOwner } = owner;
export const isDead = () => false;
export const isDeadClaim = () => false;
