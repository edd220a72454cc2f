//! Exports: what is in the file.

mod blocks;
mod contents;
mod periods;
mod pinned;
mod ranges;
mod shapes;
