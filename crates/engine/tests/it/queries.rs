//! Queries give what reading every submission would give, in the same order, whatever changes meanwhile.

mod changes;
mod naive;
mod random;
mod sample;
