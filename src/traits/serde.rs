//! serde: a number is serialized as a struct, with the value first: `{"re":6.0,"eps":[3.0,2.0]}`. `Var` has no
//! derivative fields, so nothing is implemented for it.

use crate::real::Real;
use core::fmt::{Formatter, Result as Printed};
use core::marker::PhantomData;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeTuple, Serializer};

/// A derivative field. (serde itself supports only arrays of up to 32 entries.)
pub(crate) struct Parts<A>(pub(crate) A);

impl<T: Real + Serialize, const N: usize> Serialize for Parts<[T; N]> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut tuple = to.serialize_tuple(N)?;
        self.0.iter().try_for_each(|part| tuple.serialize_element(part))?;
        tuple.end()
    }
}

impl<T: Real + Serialize, const N: usize, const M: usize> Serialize for Parts<[[T; N]; M]> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut tuple = to.serialize_tuple(M)?;
        self.0.iter().try_for_each(|&row| tuple.serialize_element(&Parts(row)))?;
        tuple.end()
    }
}

/// Reads N entries, and overwrites those of a filled array.
struct Entries<X, const N: usize>([X; N]);

impl<'de, X: Deserialize<'de>, const N: usize> Visitor<'de> for Entries<X, N> {
    type Value = [X; N];

    fn expecting(&self, f: &mut Formatter<'_>) -> Printed {
        write!(f, "an array of length {N}")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut from: A) -> Result<[X; N], A::Error> {
        for i in 0..N {
            match from.next_element()? {
                Some(entry) => self.0[i] = entry,
                None => return Err(A::Error::invalid_length(i, &self)),
            }
        }
        Ok(self.0)
    }
}

impl<'de, T: Real + Deserialize<'de>, const N: usize> Deserialize<'de> for Parts<[T; N]> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_tuple(N, Entries([T::zero(); N])).map(Self)
    }
}

impl<'de, T: Real + Deserialize<'de>, const N: usize, const M: usize> Deserialize<'de> for Parts<[[T; N]; M]> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let rows = from.deserialize_tuple(M, Entries([(); M].map(|()| Parts([T::zero(); N]))))?;
        Ok(Self(rows.map(|row| row.0)))
    }
}

/// Reads the name of a field, and returns its place in this list, or `None` if it is not in the list.
pub(crate) struct Name(pub(crate) &'static [&'static str]);

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Name {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut Formatter<'_>) -> Printed {
        f.write_str("the name of a field")
    }

    fn visit_u64<E: Error>(self, place: u64) -> Result<Self::Value, E> {
        Ok(usize::try_from(place).ok())
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        self.visit_bytes(name.as_bytes())
    }

    fn visit_bytes<E: Error>(self, name: &[u8]) -> Result<Self::Value, E> {
        Ok(self.0.iter().position(|field| field.as_bytes() == name))
    }
}

/// Reads the number `X`.
pub(crate) struct Fields<X>(pub(crate) PhantomData<X>);

macro_rules! serde {
    ($Number:ty, [$($params:tt)*],) => {};
    ($Number:ty, [$($params:tt)*], $($field:ident),+) => {
        const _: () = {
            use $crate::traits::serde::{Fields, Name, Parts};
            use ::serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
            use ::serde::ser::{Serialize, SerializeStruct, Serializer};

            const FIELDS: &[&str] = &["re", $(stringify!($field)),+];

            fn name() -> &'static str {
                stringify!($Number).split('<').next().unwrap_or_default()
            }

            impl<T: $crate::Real + Serialize, $($params)*> Serialize for $Number {
                fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                    let mut fields = to.serialize_struct(name(), FIELDS.len())?;
                    fields.serialize_field("re", &self.re)?;
                    $(fields.serialize_field(stringify!($field), &Parts(self.$field))?;)+
                    fields.end()
                }
            }

            impl<'de, T: $crate::Real + Deserialize<'de>, $($params)*> Deserialize<'de> for $Number {
                fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                    from.deserialize_struct(name(), FIELDS, Fields::<Self>(core::marker::PhantomData))
                }
            }

            impl<'de, T: $crate::Real + Deserialize<'de>, $($params)*> Visitor<'de> for Fields<$Number> {
                type Value = $Number;

                fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                    write!(f, "struct {}", name())
                }

                fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<$Number, A::Error> {
                    let short = |place| A::Error::invalid_length(place, &self);
                    let mut place = 0;
                    let mut number = <$Number>::constant(from.next_element()?.ok_or_else(|| short(place))?);
                    $(
                        place += 1;
                        number.$field = from.next_element::<Parts<_>>()?.ok_or_else(|| short(place))?.0;
                    )+
                    Ok(number)
                }

                fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<$Number, A::Error> {
                    let mut number = <$Number>::constant(T::zero());
                    let mut found = [false; FIELDS.len()];
                    while let Some(place) = from.next_key_seed(Name(FIELDS))? {
                        let Some(place) = place.filter(|&place| place < found.len()) else {
                            from.next_value::<IgnoredAny>()?;
                            continue;
                        };
                        if core::mem::replace(&mut found[place], true) {
                            return Err(A::Error::duplicate_field(FIELDS[place]));
                        }
                        match FIELDS[place] {
                            $(stringify!($field) => number.$field = from.next_value::<Parts<_>>()?.0,)+
                            _ => number.re = from.next_value()?,
                        }
                    }
                    match found.iter().position(|found| !found) {
                        Some(place) => Err(A::Error::missing_field(FIELDS[place])),
                        None => Ok(number),
                    }
                }
            }
        };
    };
}
pub(crate) use serde;
