; matmul
define internal i32 @matmul.body(ptr noalias captures(none) readonly align 4 %a0, ptr noalias captures(none) readonly align 4 %a1, ptr noalias captures(none) align 4 %a2, ptr %workspace, i32 %threads) #0 {
entry:
  br label %loop2
loop2:
  %i0.4 = phi i64 [ 0, %entry ], [ %v9, %loop2 ]
  %v5 = mul nsw i64 %i0.4, 40
  %v6 = getelementptr float, ptr %a2, i64 %v5
  store <16 x float> splat (float 0x0000000000000000), ptr %v6, align 4
  %v7 = getelementptr float, ptr %v6, i64 16
  store <16 x float> splat (float 0x0000000000000000), ptr %v7, align 4
  %v8 = getelementptr float, ptr %v6, i64 32
  call void @llvm.masked.store.v16f32.p0(<16 x float> splat (float 0x0000000000000000), ptr align 4 %v8, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>)
  %v9 = add nsw i64 %i0.4, 1
  %v10 = icmp slt i64 %v9, 30
  br i1 %v10, label %loop2, label %end3
end3:
  br label %loop12
loop12:
  %i3.14 = phi i64 [ 0, %end3 ], [ %v254, %end58 ]
  %v15 = mul nsw i64 %i3.14, 400
  %v16 = getelementptr float, ptr %a2, i64 %v15
  %v80 = mul nsw i64 %i3.14, 160
  %v81 = getelementptr float, ptr %a0, i64 %v80
  %v17 = load <16 x float>, ptr %v16, align 4
  %v18 = getelementptr float, ptr %v16, i64 16
  %v19 = load <16 x float>, ptr %v18, align 4
  %v20 = getelementptr float, ptr %v16, i64 40
  %v21 = load <16 x float>, ptr %v20, align 4
  %v22 = getelementptr float, ptr %v16, i64 56
  %v23 = load <16 x float>, ptr %v22, align 4
  %v24 = getelementptr float, ptr %v16, i64 80
  %v25 = load <16 x float>, ptr %v24, align 4
  %v26 = getelementptr float, ptr %v16, i64 96
  %v27 = load <16 x float>, ptr %v26, align 4
  %v28 = getelementptr float, ptr %v16, i64 120
  %v29 = load <16 x float>, ptr %v28, align 4
  %v30 = getelementptr float, ptr %v16, i64 136
  %v31 = load <16 x float>, ptr %v30, align 4
  %v32 = getelementptr float, ptr %v16, i64 160
  %v33 = load <16 x float>, ptr %v32, align 4
  %v34 = getelementptr float, ptr %v16, i64 176
  %v35 = load <16 x float>, ptr %v34, align 4
  %v36 = getelementptr float, ptr %v16, i64 200
  %v37 = load <16 x float>, ptr %v36, align 4
  %v38 = getelementptr float, ptr %v16, i64 216
  %v39 = load <16 x float>, ptr %v38, align 4
  %v40 = getelementptr float, ptr %v16, i64 240
  %v41 = load <16 x float>, ptr %v40, align 4
  %v42 = getelementptr float, ptr %v16, i64 256
  %v43 = load <16 x float>, ptr %v42, align 4
  %v44 = getelementptr float, ptr %v16, i64 280
  %v45 = load <16 x float>, ptr %v44, align 4
  %v46 = getelementptr float, ptr %v16, i64 296
  %v47 = load <16 x float>, ptr %v46, align 4
  %v48 = getelementptr float, ptr %v16, i64 320
  %v49 = load <16 x float>, ptr %v48, align 4
  %v50 = getelementptr float, ptr %v16, i64 336
  %v51 = load <16 x float>, ptr %v50, align 4
  %v52 = getelementptr float, ptr %v16, i64 360
  %v53 = load <16 x float>, ptr %v52, align 4
  %v54 = getelementptr float, ptr %v16, i64 376
  %v55 = load <16 x float>, ptr %v54, align 4
  br label %loop57
loop57:
  %i4.59 = phi i64 [ 0, %loop12 ], [ %v213, %loop57 ]
  %r0.60 = phi <16 x float> [ %v17, %loop12 ], [ %v89, %loop57 ]
  %r1.61 = phi <16 x float> [ %v19, %loop12 ], [ %v95, %loop57 ]
  %r2.62 = phi <16 x float> [ %v21, %loop12 ], [ %v101, %loop57 ]
  %r3.63 = phi <16 x float> [ %v23, %loop12 ], [ %v108, %loop57 ]
  %r4.64 = phi <16 x float> [ %v25, %loop12 ], [ %v114, %loop57 ]
  %r5.65 = phi <16 x float> [ %v27, %loop12 ], [ %v121, %loop57 ]
  %r6.66 = phi <16 x float> [ %v29, %loop12 ], [ %v127, %loop57 ]
  %r7.67 = phi <16 x float> [ %v31, %loop12 ], [ %v134, %loop57 ]
  %r8.68 = phi <16 x float> [ %v33, %loop12 ], [ %v140, %loop57 ]
  %r9.69 = phi <16 x float> [ %v35, %loop12 ], [ %v147, %loop57 ]
  %r10.70 = phi <16 x float> [ %v37, %loop12 ], [ %v153, %loop57 ]
  %r11.71 = phi <16 x float> [ %v39, %loop12 ], [ %v160, %loop57 ]
  %r12.72 = phi <16 x float> [ %v41, %loop12 ], [ %v166, %loop57 ]
  %r13.73 = phi <16 x float> [ %v43, %loop12 ], [ %v173, %loop57 ]
  %r14.74 = phi <16 x float> [ %v45, %loop12 ], [ %v179, %loop57 ]
  %r15.75 = phi <16 x float> [ %v47, %loop12 ], [ %v186, %loop57 ]
  %r16.76 = phi <16 x float> [ %v49, %loop12 ], [ %v192, %loop57 ]
  %r17.77 = phi <16 x float> [ %v51, %loop12 ], [ %v199, %loop57 ]
  %r18.78 = phi <16 x float> [ %v53, %loop12 ], [ %v205, %loop57 ]
  %r19.79 = phi <16 x float> [ %v55, %loop12 ], [ %v212, %loop57 ]
  %v82 = getelementptr float, ptr %v81, i64 %i4.59
  %v86 = mul nsw i64 %i4.59, 40
  %v87 = getelementptr float, ptr %a1, i64 %v86
  %v83 = load float, ptr %v82, align 4
  %v84 = insertelement <16 x float> poison, float %v83, i64 0
  %v85 = shufflevector <16 x float> %v84, <16 x float> poison, <16 x i32> zeroinitializer
  %v88 = load <16 x float>, ptr %v87, align 4
  %v89 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v85, <16 x float> %v88, <16 x float> %r0.60)
  %v90 = load float, ptr %v82, align 4
  %v91 = insertelement <16 x float> poison, float %v90, i64 0
  %v92 = shufflevector <16 x float> %v91, <16 x float> poison, <16 x i32> zeroinitializer
  %v93 = getelementptr float, ptr %v87, i64 16
  %v94 = load <16 x float>, ptr %v93, align 4
  %v95 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v92, <16 x float> %v94, <16 x float> %r1.61)
  %v96 = getelementptr float, ptr %v82, i64 16
  %v97 = load float, ptr %v96, align 4
  %v98 = insertelement <16 x float> poison, float %v97, i64 0
  %v99 = shufflevector <16 x float> %v98, <16 x float> poison, <16 x i32> zeroinitializer
  %v100 = load <16 x float>, ptr %v87, align 4
  %v101 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v99, <16 x float> %v100, <16 x float> %r2.62)
  %v102 = getelementptr float, ptr %v82, i64 16
  %v103 = load float, ptr %v102, align 4
  %v104 = insertelement <16 x float> poison, float %v103, i64 0
  %v105 = shufflevector <16 x float> %v104, <16 x float> poison, <16 x i32> zeroinitializer
  %v106 = getelementptr float, ptr %v87, i64 16
  %v107 = load <16 x float>, ptr %v106, align 4
  %v108 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v105, <16 x float> %v107, <16 x float> %r3.63)
  %v109 = getelementptr float, ptr %v82, i64 32
  %v110 = load float, ptr %v109, align 4
  %v111 = insertelement <16 x float> poison, float %v110, i64 0
  %v112 = shufflevector <16 x float> %v111, <16 x float> poison, <16 x i32> zeroinitializer
  %v113 = load <16 x float>, ptr %v87, align 4
  %v114 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v112, <16 x float> %v113, <16 x float> %r4.64)
  %v115 = getelementptr float, ptr %v82, i64 32
  %v116 = load float, ptr %v115, align 4
  %v117 = insertelement <16 x float> poison, float %v116, i64 0
  %v118 = shufflevector <16 x float> %v117, <16 x float> poison, <16 x i32> zeroinitializer
  %v119 = getelementptr float, ptr %v87, i64 16
  %v120 = load <16 x float>, ptr %v119, align 4
  %v121 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v118, <16 x float> %v120, <16 x float> %r5.65)
  %v122 = getelementptr float, ptr %v82, i64 48
  %v123 = load float, ptr %v122, align 4
  %v124 = insertelement <16 x float> poison, float %v123, i64 0
  %v125 = shufflevector <16 x float> %v124, <16 x float> poison, <16 x i32> zeroinitializer
  %v126 = load <16 x float>, ptr %v87, align 4
  %v127 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v125, <16 x float> %v126, <16 x float> %r6.66)
  %v128 = getelementptr float, ptr %v82, i64 48
  %v129 = load float, ptr %v128, align 4
  %v130 = insertelement <16 x float> poison, float %v129, i64 0
  %v131 = shufflevector <16 x float> %v130, <16 x float> poison, <16 x i32> zeroinitializer
  %v132 = getelementptr float, ptr %v87, i64 16
  %v133 = load <16 x float>, ptr %v132, align 4
  %v134 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v131, <16 x float> %v133, <16 x float> %r7.67)
  %v135 = getelementptr float, ptr %v82, i64 64
  %v136 = load float, ptr %v135, align 4
  %v137 = insertelement <16 x float> poison, float %v136, i64 0
  %v138 = shufflevector <16 x float> %v137, <16 x float> poison, <16 x i32> zeroinitializer
  %v139 = load <16 x float>, ptr %v87, align 4
  %v140 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v138, <16 x float> %v139, <16 x float> %r8.68)
  %v141 = getelementptr float, ptr %v82, i64 64
  %v142 = load float, ptr %v141, align 4
  %v143 = insertelement <16 x float> poison, float %v142, i64 0
  %v144 = shufflevector <16 x float> %v143, <16 x float> poison, <16 x i32> zeroinitializer
  %v145 = getelementptr float, ptr %v87, i64 16
  %v146 = load <16 x float>, ptr %v145, align 4
  %v147 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v144, <16 x float> %v146, <16 x float> %r9.69)
  %v148 = getelementptr float, ptr %v82, i64 80
  %v149 = load float, ptr %v148, align 4
  %v150 = insertelement <16 x float> poison, float %v149, i64 0
  %v151 = shufflevector <16 x float> %v150, <16 x float> poison, <16 x i32> zeroinitializer
  %v152 = load <16 x float>, ptr %v87, align 4
  %v153 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v151, <16 x float> %v152, <16 x float> %r10.70)
  %v154 = getelementptr float, ptr %v82, i64 80
  %v155 = load float, ptr %v154, align 4
  %v156 = insertelement <16 x float> poison, float %v155, i64 0
  %v157 = shufflevector <16 x float> %v156, <16 x float> poison, <16 x i32> zeroinitializer
  %v158 = getelementptr float, ptr %v87, i64 16
  %v159 = load <16 x float>, ptr %v158, align 4
  %v160 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v157, <16 x float> %v159, <16 x float> %r11.71)
  %v161 = getelementptr float, ptr %v82, i64 96
  %v162 = load float, ptr %v161, align 4
  %v163 = insertelement <16 x float> poison, float %v162, i64 0
  %v164 = shufflevector <16 x float> %v163, <16 x float> poison, <16 x i32> zeroinitializer
  %v165 = load <16 x float>, ptr %v87, align 4
  %v166 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v164, <16 x float> %v165, <16 x float> %r12.72)
  %v167 = getelementptr float, ptr %v82, i64 96
  %v168 = load float, ptr %v167, align 4
  %v169 = insertelement <16 x float> poison, float %v168, i64 0
  %v170 = shufflevector <16 x float> %v169, <16 x float> poison, <16 x i32> zeroinitializer
  %v171 = getelementptr float, ptr %v87, i64 16
  %v172 = load <16 x float>, ptr %v171, align 4
  %v173 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v170, <16 x float> %v172, <16 x float> %r13.73)
  %v174 = getelementptr float, ptr %v82, i64 112
  %v175 = load float, ptr %v174, align 4
  %v176 = insertelement <16 x float> poison, float %v175, i64 0
  %v177 = shufflevector <16 x float> %v176, <16 x float> poison, <16 x i32> zeroinitializer
  %v178 = load <16 x float>, ptr %v87, align 4
  %v179 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v177, <16 x float> %v178, <16 x float> %r14.74)
  %v180 = getelementptr float, ptr %v82, i64 112
  %v181 = load float, ptr %v180, align 4
  %v182 = insertelement <16 x float> poison, float %v181, i64 0
  %v183 = shufflevector <16 x float> %v182, <16 x float> poison, <16 x i32> zeroinitializer
  %v184 = getelementptr float, ptr %v87, i64 16
  %v185 = load <16 x float>, ptr %v184, align 4
  %v186 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v183, <16 x float> %v185, <16 x float> %r15.75)
  %v187 = getelementptr float, ptr %v82, i64 128
  %v188 = load float, ptr %v187, align 4
  %v189 = insertelement <16 x float> poison, float %v188, i64 0
  %v190 = shufflevector <16 x float> %v189, <16 x float> poison, <16 x i32> zeroinitializer
  %v191 = load <16 x float>, ptr %v87, align 4
  %v192 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v190, <16 x float> %v191, <16 x float> %r16.76)
  %v193 = getelementptr float, ptr %v82, i64 128
  %v194 = load float, ptr %v193, align 4
  %v195 = insertelement <16 x float> poison, float %v194, i64 0
  %v196 = shufflevector <16 x float> %v195, <16 x float> poison, <16 x i32> zeroinitializer
  %v197 = getelementptr float, ptr %v87, i64 16
  %v198 = load <16 x float>, ptr %v197, align 4
  %v199 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v196, <16 x float> %v198, <16 x float> %r17.77)
  %v200 = getelementptr float, ptr %v82, i64 144
  %v201 = load float, ptr %v200, align 4
  %v202 = insertelement <16 x float> poison, float %v201, i64 0
  %v203 = shufflevector <16 x float> %v202, <16 x float> poison, <16 x i32> zeroinitializer
  %v204 = load <16 x float>, ptr %v87, align 4
  %v205 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v203, <16 x float> %v204, <16 x float> %r18.78)
  %v206 = getelementptr float, ptr %v82, i64 144
  %v207 = load float, ptr %v206, align 4
  %v208 = insertelement <16 x float> poison, float %v207, i64 0
  %v209 = shufflevector <16 x float> %v208, <16 x float> poison, <16 x i32> zeroinitializer
  %v210 = getelementptr float, ptr %v87, i64 16
  %v211 = load <16 x float>, ptr %v210, align 4
  %v212 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v209, <16 x float> %v211, <16 x float> %r19.79)
  %v213 = add nsw i64 %i4.59, 1
  %v214 = icmp slt i64 %v213, 16
  br i1 %v214, label %loop57, label %end58
end58:
  %v215 = phi <16 x float> [ %v89, %loop57 ]
  %v216 = phi <16 x float> [ %v95, %loop57 ]
  %v217 = phi <16 x float> [ %v101, %loop57 ]
  %v218 = phi <16 x float> [ %v108, %loop57 ]
  %v219 = phi <16 x float> [ %v114, %loop57 ]
  %v220 = phi <16 x float> [ %v121, %loop57 ]
  %v221 = phi <16 x float> [ %v127, %loop57 ]
  %v222 = phi <16 x float> [ %v134, %loop57 ]
  %v223 = phi <16 x float> [ %v140, %loop57 ]
  %v224 = phi <16 x float> [ %v147, %loop57 ]
  %v225 = phi <16 x float> [ %v153, %loop57 ]
  %v226 = phi <16 x float> [ %v160, %loop57 ]
  %v227 = phi <16 x float> [ %v166, %loop57 ]
  %v228 = phi <16 x float> [ %v173, %loop57 ]
  %v229 = phi <16 x float> [ %v179, %loop57 ]
  %v230 = phi <16 x float> [ %v186, %loop57 ]
  %v231 = phi <16 x float> [ %v192, %loop57 ]
  %v232 = phi <16 x float> [ %v199, %loop57 ]
  %v233 = phi <16 x float> [ %v205, %loop57 ]
  %v234 = phi <16 x float> [ %v212, %loop57 ]
  store <16 x float> %v215, ptr %v16, align 4
  %v235 = getelementptr float, ptr %v16, i64 16
  store <16 x float> %v216, ptr %v235, align 4
  %v236 = getelementptr float, ptr %v16, i64 40
  store <16 x float> %v217, ptr %v236, align 4
  %v237 = getelementptr float, ptr %v16, i64 56
  store <16 x float> %v218, ptr %v237, align 4
  %v238 = getelementptr float, ptr %v16, i64 80
  store <16 x float> %v219, ptr %v238, align 4
  %v239 = getelementptr float, ptr %v16, i64 96
  store <16 x float> %v220, ptr %v239, align 4
  %v240 = getelementptr float, ptr %v16, i64 120
  store <16 x float> %v221, ptr %v240, align 4
  %v241 = getelementptr float, ptr %v16, i64 136
  store <16 x float> %v222, ptr %v241, align 4
  %v242 = getelementptr float, ptr %v16, i64 160
  store <16 x float> %v223, ptr %v242, align 4
  %v243 = getelementptr float, ptr %v16, i64 176
  store <16 x float> %v224, ptr %v243, align 4
  %v244 = getelementptr float, ptr %v16, i64 200
  store <16 x float> %v225, ptr %v244, align 4
  %v245 = getelementptr float, ptr %v16, i64 216
  store <16 x float> %v226, ptr %v245, align 4
  %v246 = getelementptr float, ptr %v16, i64 240
  store <16 x float> %v227, ptr %v246, align 4
  %v247 = getelementptr float, ptr %v16, i64 256
  store <16 x float> %v228, ptr %v247, align 4
  %v248 = getelementptr float, ptr %v16, i64 280
  store <16 x float> %v229, ptr %v248, align 4
  %v249 = getelementptr float, ptr %v16, i64 296
  store <16 x float> %v230, ptr %v249, align 4
  %v250 = getelementptr float, ptr %v16, i64 320
  store <16 x float> %v231, ptr %v250, align 4
  %v251 = getelementptr float, ptr %v16, i64 336
  store <16 x float> %v232, ptr %v251, align 4
  %v252 = getelementptr float, ptr %v16, i64 360
  store <16 x float> %v233, ptr %v252, align 4
  %v253 = getelementptr float, ptr %v16, i64 376
  store <16 x float> %v234, ptr %v253, align 4
  %v254 = add nsw i64 %i3.14, 1
  %v255 = icmp slt i64 %v254, 3
  br i1 %v255, label %loop12, label %end13
end13:
  br label %loop257
loop257:
  %i3.259 = phi i64 [ 0, %end13 ], [ %v392, %end284 ]
  %v260 = mul nsw i64 %i3.259, 400
  %v261 = getelementptr float, ptr %a2, i64 %v260
  %v296 = mul nsw i64 %i3.259, 160
  %v297 = getelementptr float, ptr %a0, i64 %v296
  %v262 = getelementptr float, ptr %v261, i64 32
  %v263 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %v262, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %v264 = getelementptr float, ptr %v261, i64 72
  %v265 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %v264, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %v266 = getelementptr float, ptr %v261, i64 112
  %v267 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %v266, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %v268 = getelementptr float, ptr %v261, i64 152
  %v269 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %v268, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %v270 = getelementptr float, ptr %v261, i64 192
  %v271 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %v270, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %v272 = getelementptr float, ptr %v261, i64 232
  %v273 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %v272, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %v274 = getelementptr float, ptr %v261, i64 272
  %v275 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %v274, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %v276 = getelementptr float, ptr %v261, i64 312
  %v277 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %v276, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %v278 = getelementptr float, ptr %v261, i64 352
  %v279 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %v278, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %v280 = getelementptr float, ptr %v261, i64 392
  %v281 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %v280, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  br label %loop283
loop283:
  %i4.285 = phi i64 [ 0, %loop257 ], [ %v370, %loop283 ]
  %r20.286 = phi <16 x float> [ %v263, %loop257 ], [ %v306, %loop283 ]
  %r21.287 = phi <16 x float> [ %v265, %loop257 ], [ %v313, %loop283 ]
  %r22.288 = phi <16 x float> [ %v267, %loop257 ], [ %v320, %loop283 ]
  %r23.289 = phi <16 x float> [ %v269, %loop257 ], [ %v327, %loop283 ]
  %r24.290 = phi <16 x float> [ %v271, %loop257 ], [ %v334, %loop283 ]
  %r25.291 = phi <16 x float> [ %v273, %loop257 ], [ %v341, %loop283 ]
  %r26.292 = phi <16 x float> [ %v275, %loop257 ], [ %v348, %loop283 ]
  %r27.293 = phi <16 x float> [ %v277, %loop257 ], [ %v355, %loop283 ]
  %r28.294 = phi <16 x float> [ %v279, %loop257 ], [ %v362, %loop283 ]
  %r29.295 = phi <16 x float> [ %v281, %loop257 ], [ %v369, %loop283 ]
  %v298 = getelementptr float, ptr %v297, i64 %i4.285
  %v302 = mul nsw i64 %i4.285, 40
  %v303 = getelementptr float, ptr %a1, i64 %v302
  %v299 = load float, ptr %v298, align 4
  %v300 = insertelement <16 x float> poison, float %v299, i64 0
  %v301 = shufflevector <16 x float> %v300, <16 x float> poison, <16 x i32> zeroinitializer
  %v304 = getelementptr float, ptr %v303, i64 32
  %v305 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %v304, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %v306 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v301, <16 x float> %v305, <16 x float> %r20.286)
  %v307 = getelementptr float, ptr %v298, i64 16
  %v308 = load float, ptr %v307, align 4
  %v309 = insertelement <16 x float> poison, float %v308, i64 0
  %v310 = shufflevector <16 x float> %v309, <16 x float> poison, <16 x i32> zeroinitializer
  %v311 = getelementptr float, ptr %v303, i64 32
  %v312 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %v311, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %v313 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v310, <16 x float> %v312, <16 x float> %r21.287)
  %v314 = getelementptr float, ptr %v298, i64 32
  %v315 = load float, ptr %v314, align 4
  %v316 = insertelement <16 x float> poison, float %v315, i64 0
  %v317 = shufflevector <16 x float> %v316, <16 x float> poison, <16 x i32> zeroinitializer
  %v318 = getelementptr float, ptr %v303, i64 32
  %v319 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %v318, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %v320 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v317, <16 x float> %v319, <16 x float> %r22.288)
  %v321 = getelementptr float, ptr %v298, i64 48
  %v322 = load float, ptr %v321, align 4
  %v323 = insertelement <16 x float> poison, float %v322, i64 0
  %v324 = shufflevector <16 x float> %v323, <16 x float> poison, <16 x i32> zeroinitializer
  %v325 = getelementptr float, ptr %v303, i64 32
  %v326 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %v325, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %v327 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v324, <16 x float> %v326, <16 x float> %r23.289)
  %v328 = getelementptr float, ptr %v298, i64 64
  %v329 = load float, ptr %v328, align 4
  %v330 = insertelement <16 x float> poison, float %v329, i64 0
  %v331 = shufflevector <16 x float> %v330, <16 x float> poison, <16 x i32> zeroinitializer
  %v332 = getelementptr float, ptr %v303, i64 32
  %v333 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %v332, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %v334 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v331, <16 x float> %v333, <16 x float> %r24.290)
  %v335 = getelementptr float, ptr %v298, i64 80
  %v336 = load float, ptr %v335, align 4
  %v337 = insertelement <16 x float> poison, float %v336, i64 0
  %v338 = shufflevector <16 x float> %v337, <16 x float> poison, <16 x i32> zeroinitializer
  %v339 = getelementptr float, ptr %v303, i64 32
  %v340 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %v339, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %v341 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v338, <16 x float> %v340, <16 x float> %r25.291)
  %v342 = getelementptr float, ptr %v298, i64 96
  %v343 = load float, ptr %v342, align 4
  %v344 = insertelement <16 x float> poison, float %v343, i64 0
  %v345 = shufflevector <16 x float> %v344, <16 x float> poison, <16 x i32> zeroinitializer
  %v346 = getelementptr float, ptr %v303, i64 32
  %v347 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %v346, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %v348 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v345, <16 x float> %v347, <16 x float> %r26.292)
  %v349 = getelementptr float, ptr %v298, i64 112
  %v350 = load float, ptr %v349, align 4
  %v351 = insertelement <16 x float> poison, float %v350, i64 0
  %v352 = shufflevector <16 x float> %v351, <16 x float> poison, <16 x i32> zeroinitializer
  %v353 = getelementptr float, ptr %v303, i64 32
  %v354 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %v353, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %v355 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v352, <16 x float> %v354, <16 x float> %r27.293)
  %v356 = getelementptr float, ptr %v298, i64 128
  %v357 = load float, ptr %v356, align 4
  %v358 = insertelement <16 x float> poison, float %v357, i64 0
  %v359 = shufflevector <16 x float> %v358, <16 x float> poison, <16 x i32> zeroinitializer
  %v360 = getelementptr float, ptr %v303, i64 32
  %v361 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %v360, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %v362 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v359, <16 x float> %v361, <16 x float> %r28.294)
  %v363 = getelementptr float, ptr %v298, i64 144
  %v364 = load float, ptr %v363, align 4
  %v365 = insertelement <16 x float> poison, float %v364, i64 0
  %v366 = shufflevector <16 x float> %v365, <16 x float> poison, <16 x i32> zeroinitializer
  %v367 = getelementptr float, ptr %v303, i64 32
  %v368 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %v367, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %v369 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v366, <16 x float> %v368, <16 x float> %r29.295)
  %v370 = add nsw i64 %i4.285, 1
  %v371 = icmp slt i64 %v370, 16
  br i1 %v371, label %loop283, label %end284
end284:
  %v372 = phi <16 x float> [ %v306, %loop283 ]
  %v373 = phi <16 x float> [ %v313, %loop283 ]
  %v374 = phi <16 x float> [ %v320, %loop283 ]
  %v375 = phi <16 x float> [ %v327, %loop283 ]
  %v376 = phi <16 x float> [ %v334, %loop283 ]
  %v377 = phi <16 x float> [ %v341, %loop283 ]
  %v378 = phi <16 x float> [ %v348, %loop283 ]
  %v379 = phi <16 x float> [ %v355, %loop283 ]
  %v380 = phi <16 x float> [ %v362, %loop283 ]
  %v381 = phi <16 x float> [ %v369, %loop283 ]
  %v382 = getelementptr float, ptr %v261, i64 32
  call void @llvm.masked.store.v16f32.p0(<16 x float> %v372, ptr align 4 %v382, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>)
  %v383 = getelementptr float, ptr %v261, i64 72
  call void @llvm.masked.store.v16f32.p0(<16 x float> %v373, ptr align 4 %v383, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>)
  %v384 = getelementptr float, ptr %v261, i64 112
  call void @llvm.masked.store.v16f32.p0(<16 x float> %v374, ptr align 4 %v384, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>)
  %v385 = getelementptr float, ptr %v261, i64 152
  call void @llvm.masked.store.v16f32.p0(<16 x float> %v375, ptr align 4 %v385, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>)
  %v386 = getelementptr float, ptr %v261, i64 192
  call void @llvm.masked.store.v16f32.p0(<16 x float> %v376, ptr align 4 %v386, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>)
  %v387 = getelementptr float, ptr %v261, i64 232
  call void @llvm.masked.store.v16f32.p0(<16 x float> %v377, ptr align 4 %v387, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>)
  %v388 = getelementptr float, ptr %v261, i64 272
  call void @llvm.masked.store.v16f32.p0(<16 x float> %v378, ptr align 4 %v388, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>)
  %v389 = getelementptr float, ptr %v261, i64 312
  call void @llvm.masked.store.v16f32.p0(<16 x float> %v379, ptr align 4 %v389, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>)
  %v390 = getelementptr float, ptr %v261, i64 352
  call void @llvm.masked.store.v16f32.p0(<16 x float> %v380, ptr align 4 %v390, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>)
  %v391 = getelementptr float, ptr %v261, i64 392
  call void @llvm.masked.store.v16f32.p0(<16 x float> %v381, ptr align 4 %v391, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>)
  %v392 = add nsw i64 %i3.259, 1
  %v393 = icmp slt i64 %v392, 3
  br i1 %v393, label %loop257, label %end258
end258:
  ret i32 0
}

define i32 @matmul(ptr %buffers, ptr %ints, ptr %workspace, i32 %threads) #0 {
entry:
  %v1 = getelementptr ptr, ptr %buffers, i64 0
  %v2 = load ptr, ptr %v1, align 8
  %v3 = getelementptr ptr, ptr %buffers, i64 1
  %v4 = load ptr, ptr %v3, align 8
  %v5 = getelementptr ptr, ptr %buffers, i64 2
  %v6 = load ptr, ptr %v5, align 8
  %v7 = call i32 @matmul.body(ptr %v2, ptr %v4, ptr %v6, ptr %workspace, i32 %threads)
  ret i32 %v7
}

declare void @llvm.masked.store.v16f32.p0(<16 x float>, ptr, <16 x i1>)
declare <16 x float> @llvm.fma.v16f32(<16 x float>, <16 x float>, <16 x float>)
declare <16 x float> @llvm.masked.load.v16f32.p0(ptr, <16 x i1>, <16 x float>)

attributes #0 = { nounwind mustprogress "prefer-vector-width"="512" "min-legal-vector-width"="512" }

