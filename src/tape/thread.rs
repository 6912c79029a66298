//! The tapes of a thread, one for each type of values.

use super::store::Tape;
use crate::arena::buffers::{Arena, State};
use crate::real::Real;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::any::{Any, TypeId};
use core::cell::RefCell;
use core::mem::ManuallyDrop;
use std::thread_local;

/// Tapes by the type of their numbers.
type Others = Vec<(TypeId, Rc<dyn Any>)>;

thread_local! {
    /// Without a destructor, whose state would be asked for on each push; `LAST` frees it.
    static F64: ManuallyDrop<Tape<f64>> = const { ManuallyDrop::new(Arena::new(free_at_end)) };
    static F32: ManuallyDrop<Tape<f32>> = const { ManuallyDrop::new(Arena::new(free_at_end)) };
    static LAST: Last = const { Last };
    /// Those of other types.
    static OTHERS: ManuallyDrop<RefCell<Others>> = const { ManuallyDrop::new(RefCell::new(Vec::new())) };
}

/// Frees the buffers of a thread that ends.
struct Last;

impl Drop for Last {
    fn drop(&mut self) {
        F64.with(|tape| *tape.state() = State::EMPTY);
        F32.with(|tape| *tape.state() = State::EMPTY);
        drop(OTHERS.with(|others| others.take()));
    }
}

/// Calls `f` with this thread's tape for `T`. Which one it is for f64 and f32 is known at compile time.
#[inline(always)]
pub(crate) fn with<T: Real, R>(f: impl FnOnce(&Tape<T>) -> R) -> R {
    if TypeId::of::<T>() == TypeId::of::<f64>() {
        return F64.with(|tape| f((&**tape as &dyn Any).downcast_ref().expect("T is f64")));
    }
    if TypeId::of::<T>() == TypeId::of::<f32>() {
        return F32.with(|tape| f((&**tape as &dyn Any).downcast_ref().expect("T is f32")));
    }
    f(&other::<T>())
}

fn other<T: Real>() -> Rc<Tape<T>> {
    let found = OTHERS.with(|others| {
        let others = &mut *others.borrow_mut();
        let id = TypeId::of::<T>();
        let k = others.iter().position(|(other, _)| *other == id).unwrap_or_else(|| {
            others.push((id, Rc::new(Tape::<T>::new(free_at_end))));
            others.len() - 1
        });
        // The next one is most often the same.
        others.swap(0, k);
        others[0].1.clone()
    });
    found.downcast().expect("found by its type")
}

/// Frees the tapes when the thread ends. In a thread that is ending, what frees them may be gone, and then so are they.
pub(super) fn free_at_end() {
    let _ = LAST.try_with(|_| ());
}
