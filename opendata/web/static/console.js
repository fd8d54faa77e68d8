// The console of /api/docs: Swagger UI over this platform's own description.
//
// A collection takes hundreds of parameters, one for each field and operator. Above each list of
// parameters stands a box that narrows it; what has been filled in always stays in view.
"use strict";

(() => {
  const OPERATOR = /.__(not|contains|notcontains|startswith|endswith|gte?|lte?|between|in|notin|isnull|notnull)$/;
  const MANY = 20;

  // Whether a parameter answers to every word that was typed, in its name or its description.
  const answers = (parameter, words) => {
    const told = `${parameter.get("name")} ${parameter.get("description") ?? ""}`.toLowerCase();
    return words.every((word) => told.includes(word));
  };

  const narrowed = (parameters, typed, isFilled) => {
    const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
    const plain = (each) => words.length > 0 || !OPERATOR.test(each.get("name"));
    return parameters.filter((each) => isFilled(each) || (plain(each) && answers(each, words)));
  };

  const NarrowParameters = () => ({
    wrapComponents: {
      parameters: (Original, { React, getComponent, specSelectors }) =>
        function Narrowed(props) {
          const [typed, setTyped] = React.useState("");
          const all = props.parameters;
          if (!all || all.count() < MANY) {
            return React.createElement(Original, props);
          }
          const isFilled = (each) => {
            const value = specSelectors.parameterValues(props.pathMethod, true)
              .get(`${each.get("in")}.${each.get("name")}.hash-${each.hashCode()}`)
              ?? specSelectors.parameterWithMetaByIdentity(props.pathMethod, each)?.get("value");
            return value !== undefined && value !== "" && value?.count?.() !== 0;
          };
          const shown = narrowed(all, typed, isFilled);
          const box = React.createElement(
            "label",
            { className: "narrow" },
            React.createElement("span", null, "筛选参数 Filter parameters"),
            React.createElement("input", {
              type: "search",
              value: typed,
              placeholder: "字段或运算：年度、amount、gte、between …",
              onChange: (event) => setTyped(event.target.value),
            }),
            React.createElement(
              "span",
              { className: "count", role: "status" },
              `${shown.count()} / ${all.count()}`
            )
          );
          return React.createElement(
            React.Fragment,
            null,
            box,
            React.createElement(Original, { ...props, parameters: shown })
          );
        },
    },
  });

  const place = document.getElementById("console");
  window.SwaggerUIBundle({
    url: place.dataset.spec,
    dom_id: "#console",
    deepLinking: true,
    displayOperationId: true,
    displayRequestDuration: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    filter: true,
    tryItOutEnabled: true,
    // A key is kept in memory only, and gone with the page.
    persistAuthorization: false,
    validatorUrl: null,
    plugins: [NarrowParameters],
  });
})();
