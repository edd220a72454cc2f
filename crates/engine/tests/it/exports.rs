//! Exports: what is in the file.

mod blocks;
mod containers;
mod contents;
mod periods;
mod pinned;
mod ranges;
mod readers;
mod receipts;
mod shapes;
mod since;
