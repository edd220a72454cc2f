//! JSON values, such as those of a profile's fields, and how they compare.
//!
//! Guarantees: values of different types are neither equal nor in an order; numbers compare by their value, however they
//! are written.
//!
//! Must not know: how JSON is read or written.

use std::cmp::Ordering;

/// A JSON value.
#[derive(Debug, Clone)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number that is written as a whole one.
    Int(i128),
    /// Another number, finite.
    Float(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// An object, its members in the order they came.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// The member of this name, where it is an object that has one.
    pub fn member(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Whether it is the same value: of an object, the same members in the same order.
    pub fn is_equal(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::List(one), Self::List(other)) => {
                one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.is_equal(other))
            }
            (Self::Object(one), Self::Object(other)) => {
                one.len() == other.len()
                    && one.iter().zip(other).all(|((name, value), (other_name, other_value))| {
                        name == other_name && value.is_equal(other_value)
                    })
            }
            _ => self.order(other) == Some(Ordering::Equal),
        }
    }

    /// Which of two comes first; none where they are of different types, or lists or objects, which are in no order.
    pub fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Null, Self::Null) => Some(Ordering::Equal),
            (Self::Bool(one), Self::Bool(other)) => Some(one.cmp(other)),
            (Self::Int(one), Self::Int(other)) => Some(one.cmp(other)),
            (Self::Float(one), Self::Float(other)) => one.partial_cmp(other),
            (Self::Int(one), Self::Float(other)) => Some(order_of_numbers(*one, *other)),
            (Self::Float(one), Self::Int(other)) => Some(order_of_numbers(*other, *one).reverse()),
            (Self::Text(one), Self::Text(other)) => Some(one.cmp(other)),
            _ => None,
        }
    }
}

/// A whole number may lie between two numbers that a float can be: where they seem equal, whole numbers are compared.
#[expect(clippy::cast_possible_truncation, reason = "a float that is equal to a whole number of ours is one")]
fn order_of_numbers(int: i128, float: f64) -> Ordering {
    match (int as f64).partial_cmp(&float) {
        Some(Ordering::Equal) => int.cmp(&(float as i128)),
        // Of two numbers, none of which is NaN, there is an order.
        order => order.unwrap_or(Ordering::Less),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_by_value() {
        assert!(Json::Int(1).is_equal(&Json::Float(1.0)));
        assert_eq!(Json::Int(2).order(&Json::Float(1.5)), Some(Ordering::Greater));
        assert_eq!(Json::Float(-0.5).order(&Json::Int(0)), Some(Ordering::Less));
        let just_above = (1_i128 << 53) + 1;
        assert_eq!(
            Json::Int(just_above).order(&Json::Float(9_007_199_254_740_992.0)),
            Some(Ordering::Greater)
        );
    }

    #[test]
    fn values_of_different_types_have_no_order() {
        let values = [Json::Null, Json::Bool(true), Json::Int(1), Json::Text("1".into()), Json::List(vec![])];
        for (n, one) in values.iter().enumerate() {
            for other in &values[n + 1..] {
                assert_eq!(one.order(other), None, "{one:?} {other:?}");
                assert!(!one.is_equal(other), "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn the_order_of_members_counts() {
        let object =
            |names: [&str; 2]| Json::Object(names.map(|name| (name.to_owned(), Json::Null)).to_vec());
        assert!(object(["a", "b"]).is_equal(&object(["a", "b"])));
        assert!(!object(["a", "b"]).is_equal(&object(["b", "a"])));
    }
}
