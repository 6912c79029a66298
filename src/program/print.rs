//! Programs as they are printed: one line for each operation.

use super::straight::Program;
use crate::graph::body::{Body, Callee};
use crate::graph::op::Op;
use crate::real::Real;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

/// One line for each operation, with the names `x0`, `x1`, … of inputs and `v0`, `v1`, … of what is computed. Programs that
/// are called stand before the program, each once, with the names `p0`, `p1`, …
impl<T: Real> fmt::Display for Program<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut called = Vec::new();
        collect(&self.body, &mut called);
        for (k, body) in called.iter().enumerate() {
            let inputs: Vec<String> = (0..body.inputs).map(|i| format!("x{i}")).collect();
            writeln!(f, "p{k}({}):", inputs.join(", "))?;
            print(body, &called, "    ", f)?;
        }
        print(&self.body, &called, "", f)
    }
}

/// Lists the programs that a program calls, the innermost ones first.
fn collect<'b>(body: &'b Body, called: &mut Vec<&'b Arc<Body>>) {
    for call in &body.calls {
        if let Callee::Program(callee) = &call.callee
            && !called.iter().any(|known| Arc::ptr_eq(known, callee))
        {
            collect(callee, called);
            called.push(callee);
        }
    }
}

fn print(body: &Body, called: &[&Arc<Body>], indent: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let names = |nodes: &[u32]| nodes.iter().map(|&index| body.name(index)).collect::<Vec<_>>().join(", ");
    for (k, node) in body.nodes.iter().enumerate() {
        let [a, b, n] = node.operands;
        let value = match node.op {
            Op::constant => format!("{:?}", node.value()),
            Op::call => {
                let call = &body.calls[a as usize];
                let name = match &call.callee {
                    Callee::Live(live) => format!("live {}", live.place),
                    Callee::Program(callee) => {
                        let place = called.iter().position(|known| Arc::ptr_eq(known, callee));
                        format!("p{}", place.expect("all called programs are listed"))
                    }
                };
                format!("{name}({})[{b}]", names(&call.inputs))
            }
            Op::powi => format!("powi({}, {})", names(node.nodes()), n.cast_signed()),
            op if op.has_parameter() => format!("{}({}, {n})", op.name(), names(node.nodes())),
            op => format!("{}({})", op.name(), names(node.nodes())),
        };
        writeln!(f, "{indent}v{k} = {value}")?;
    }
    for (k, &result) in body.results.iter().enumerate() {
        writeln!(f, "{indent}y{k} = {}", body.name(result))?;
    }
    Ok(())
}
